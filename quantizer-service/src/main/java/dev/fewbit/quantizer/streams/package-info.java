/**
 * Calibration windows on their way through a decoder: residual streams that go from layer to layer, and the sums over what linears read.
 * Nothing here rounds; where the streams are and what multiplies them is an engine's affair.
 */
package dev.fewbit.quantizer.streams;
