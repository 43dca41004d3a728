/** What an artifact is, as a table for people. */
package dev.fewbit.quantizer.inspection;
