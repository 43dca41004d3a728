/** Reads artifacts back: the manifest, checked against every byte of the files it speaks of, as JSON or as a table for people. */
package dev.fewbit.quantizer.inspection;
