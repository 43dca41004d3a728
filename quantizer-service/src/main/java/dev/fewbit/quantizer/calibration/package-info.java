/**
 * The token windows that calibrated methods look at: read from a named set, a file or a folder, cut by the target's tokenizer, and known
 * by the digest of exactly the ids used.
 */
package dev.fewbit.quantizer.calibration;
