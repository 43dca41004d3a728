/** How near a quantized decoder stays to the 16-bit one: distributions of the next token compared on held-out text. */
package dev.fewbit.quantizer.fidelity;
