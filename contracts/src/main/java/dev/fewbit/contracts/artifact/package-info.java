/** What is known of an artifact: its sizes, its provenance, how far rounding moved each layer. */
package dev.fewbit.contracts.artifact;
