package dev.fewbit.model.decoding;

import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.BatchRows;
import dev.fewbit.model.session.ThreadWaiting;
import java.nio.file.Path;

/**
 * How an engine runs.
 *
 * @param threads of ONNX Runtime
 * @param slots samples that are decoded at once
 * @param maxLength longest prompt and completion together, in tokens; the model's own limit holds where that is less. The
 *     cache has {@code slots * maxLength} places
 * @param mode exact or fast
 * @param waiting what threads do between two operations
 * @param rows whether a sample's bits may depend on the samples beside it
 * @param prefillChunk most tokens of a prompt that are run between two steps of decoding. A prompt's chunks are the same
 *     whatever runs beside it
 * @param scratchDirectory where a model that must be widened on disk is put while it is loaded
 */
public record EngineSettings(
        int threads,
        int slots,
        int maxLength,
        ArithmeticMode mode,
        ThreadWaiting waiting,
        BatchRows rows,
        int prefillChunk,
        Path scratchDirectory) {
    /** Longer prompts than those of most problems: their prefill holds up the samples beside it by a few steps at most. */
    public static final int PREFILL_CHUNK = 512;

    public EngineSettings {
        if (prefillChunk < 1) {
            throw new IllegalArgumentException("prefillChunk " + prefillChunk + ": at least 1");
        }
    }

    /** Settings with sleeping threads, reproducible rows and the scratch directory of this JVM. */
    public EngineSettings(int threads, int slots, int maxLength, ArithmeticMode mode) {
        this(threads, slots, maxLength, mode, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Settings with sleeping threads and reproducible rows. */
    public EngineSettings(int threads, int slots, int maxLength, ArithmeticMode mode, Path scratchDirectory) {
        this(
                threads,
                slots,
                maxLength,
                mode,
                ThreadWaiting.SLEEP,
                BatchRows.REPRODUCIBLE,
                PREFILL_CHUNK,
                scratchDirectory);
    }
}
