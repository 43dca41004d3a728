/**
 * Memory of a device that tensors lie in: the processor's own, or a GPU's by the CUDA driver API. What works on it, the engine of
 * {@code dev.fewbit.model.resident}, does not know which, so that all of it is tested on the processor; what only a GPU can show are the
 * copies of {@link dev.fewbit.model.device.CudaMemory}.
 */
package dev.fewbit.model.device;
