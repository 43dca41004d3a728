package dev.fewbit.generation;

import java.nio.file.Path;

/**
 * How engines of this process run.
 *
 * @param threads of ONNX Runtime
 * @param slots completions decoded side by side
 * @param maxLength positions a slot holds, prompt and completion together; part of a sample's identity
 * @param spin whether threads wait in a loop: faster where nothing else wants their processors, far slower where something does
 * @param scratch where a model that must be widened on disk is put while it is loaded
 */
public record EngineOptions(int threads, int slots, int maxLength, boolean spin, Path scratch) {
    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; allowed: at least 1");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + "; allowed: at least 1");
        }
        if (maxLength < 2) {
            throw new IllegalArgumentException("max-length is " + maxLength + "; allowed: at least 2");
        }
    }
}
