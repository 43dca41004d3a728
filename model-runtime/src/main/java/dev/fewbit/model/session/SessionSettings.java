package dev.fewbit.model.session;

import java.nio.file.Path;

/**
 * How a decoder is run.
 *
 * @param threads of ONNX Runtime, the caller's included
 * @param slots rows of the cache: how many sequences are decoded at once
 * @param maxLength longest sequence, prompt included, in tokens
 * @param mode exact or fast
 * @param waiting what its threads do between two operations
 * @param rows whether a step is widened so that its numbers do not depend on how many rows it has
 * @param scratchDirectory where a model that must be rewritten on disk is put while it is loaded; must not be in memory if
 *     the model is large
 */
public record SessionSettings(
        int threads,
        int slots,
        int maxLength,
        ArithmeticMode mode,
        ThreadWaiting waiting,
        BatchRows rows,
        Path scratchDirectory) {
    public SessionSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ": at least 1");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots " + slots + ": at least 1");
        }
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength " + maxLength + ": at least 1");
        }
    }

    /** Settings with sleeping threads, reproducible rows and the scratch directory of this JVM. */
    public SessionSettings(int threads, int slots, int maxLength, ArithmeticMode mode) {
        this(threads, slots, maxLength, mode, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Settings with sleeping threads and reproducible rows. */
    public SessionSettings(int threads, int slots, int maxLength, ArithmeticMode mode, Path scratchDirectory) {
        this(threads, slots, maxLength, mode, ThreadWaiting.SLEEP, BatchRows.REPRODUCIBLE, scratchDirectory);
    }

    /** Rows of the cache: the slots, and where need be one to make their number even. */
    int cacheRows() {
        return rows.of(slots);
    }
}
