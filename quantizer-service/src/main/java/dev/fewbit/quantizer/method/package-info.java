/**
 * How a weight matrix becomes codes, scales and zero points. Each method is a small class that states its equation and its
 * source; none knows where weights come from or where they go.
 */
package dev.fewbit.quantizer.method;
