/** The three sizes of an artifact: stored, resident and ideal, each counted by its own rule, never one passed off as another. */
package dev.fewbit.quantizer.footprint;
