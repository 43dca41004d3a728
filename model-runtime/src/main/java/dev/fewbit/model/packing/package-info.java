/** Codes of 8, 4, 3 and 2 bits as bytes: the layout of an artifact's linears, and its exact widening to 4 bits. */
package dev.fewbit.model.packing;
