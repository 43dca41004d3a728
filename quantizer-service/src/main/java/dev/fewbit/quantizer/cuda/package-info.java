/**
 * NVIDIA GPUs by what their owners already have: the driver, cuBLAS, NVRTC and cuSOLVER, found at run time and called through {@code
 * java.lang.foreign}. Kernels are CUDA C in resources, compiled for the device when it is opened. All of it is fp32 without fast
 * mathematics, TF32 or atomics, on one stream and with a fixed cuBLAS workspace: the same inputs give the same bits on the same kind of
 * device. Nothing here is touched unless {@code device: cuda} is asked for.
 */
package dev.fewbit.quantizer.cuda;
