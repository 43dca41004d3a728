package dev.fewbit.generation;

import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * How engines of this process run.
 *
 * @param device that generates
 * @param threads of ONNX Runtime on the processor
 * @param slots completions decoded side by side on the processor
 * @param gpuSlots completions decoded side by side on a GPU; 0: as many as fit
 * @param gpuNumbers the 16-bit numbers of a GPU's activations, keys and values
 * @param gpuKernels what kernels of our own compute on a GPU; with bf16 nothing
 * @param maxLength positions a slot holds, prompt and completion together; part of a sample's identity
 * @param spin whether threads wait in a loop: faster where nothing else wants their processors, far slower where something does
 * @param scratch where a model that must be widened on disk is put while it is loaded
 * @param onnxruntimePath the directory of a build of ONNX Runtime for CUDA; empty: the variable {@code FEWBIT_ONNXRUNTIME_PATH} names it
 */
public record EngineOptions(
        GenerationDevice device,
        int threads,
        int slots,
        int gpuSlots,
        HalfNumbers gpuNumbers,
        GpuKernels gpuKernels,
        int maxLength,
        boolean spin,
        Path scratch,
        Optional<Path> onnxruntimePath) {
    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; allowed: at least 1");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + "; allowed: at least 1");
        }
        if (gpuSlots < 0) {
            throw new IllegalArgumentException(
                    "slots is " + gpuSlots + "; allowed: at least 1, or 0 for as many as fit");
        }
        if (gpuNumbers == HalfNumbers.BF16 && gpuKernels != GpuKernels.NONE) {
            throw new IllegalArgumentException(
                    "gpu-kernels is " + gpuKernels.name().toLowerCase(Locale.ROOT)
                            + "; allowed with gpu-numbers bf16: none, since these kernels compute with fp16");
        }
        if (maxLength < 2) {
            throw new IllegalArgumentException("max-length is " + maxLength + "; allowed: at least 2");
        }
    }
}
