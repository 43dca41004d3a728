/**
 * What {@code gptq+tuned} adds to {@code gptq+}: codes and scales trained against the 16-bit model by gradient descent, with gradients
 * of our own for a Llama decoder. Forward passes keep what their backward passes read; rounding counts as the identity where gradients
 * go through it. Windows are worked on in parallel and summed in a fixed order, so that the number of threads does not show. There is no
 * general autograd here: each part of the layer has its derivative written out, and is checked against finite differences and PyTorch.
 * What differs by device is behind {@link dev.fewbit.quantizer.training.TrainingEngine}: the processor here, a GPU in {@code training.cuda}.
 */
package dev.fewbit.quantizer.training;
