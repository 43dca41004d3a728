package dev.fewbit.model.decoding;

import dev.fewbit.model.session.ArithmeticMode;
import java.nio.file.Path;

/**
 * How an engine runs.
 *
 * @param threads of ONNX Runtime
 * @param slots samples that are decoded at once
 * @param maxLength longest prompt and completion together, in tokens; the model's own limit holds where that is less. The
 *     cache has {@code slots * maxLength} places
 * @param mode exact or fast
 * @param scratchDirectory where a model that must be widened on disk is put while it is loaded
 */
public record EngineSettings(int threads, int slots, int maxLength, ArithmeticMode mode, Path scratchDirectory) {
    /** Settings with the scratch directory of this JVM. */
    public EngineSettings(int threads, int slots, int maxLength, ArithmeticMode mode) {
        this(threads, slots, maxLength, mode, Path.of(System.getProperty("java.io.tmpdir")));
    }
}
