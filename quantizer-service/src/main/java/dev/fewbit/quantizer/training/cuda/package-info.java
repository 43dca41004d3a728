/**
 * Training on a GPU: the same losses, gradients and steps as {@link dev.fewbit.quantizer.training} computes on the processor, written for
 * {@link dev.fewbit.quantizer.cuda}. Windows of a group go through a layer together, attention as batches of products, and everything stays
 * on the device between steps; what comes back is a number a step, and codes and scales when they are the best so far or saved. Results
 * are close to the processor's, not the same; twice on the same kind of GPU they are.
 */
package dev.fewbit.quantizer.training.cuda;
