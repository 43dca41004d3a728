/**
 * Kernels of our own inside ONNX Runtime's graphs on CUDA, where its operators read more memory or start more kernels than a step needs:
 * attention over an int8 cache, a gated activation in one kernel, and the largest logits with their log-sum-exp in another. A model is
 * rewritten in memory when it is loaded; artifacts stay plain ONNX. The kernels are CUDA C beside these classes, compiled for the GPU
 * at hand by NVRTC. What they compute is compared with fp64 arithmetic by a measurement that runs on a GPU, not by the test suite.
 */
package dev.fewbit.model.fused;
