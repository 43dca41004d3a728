package dev.fewbit.model.resident;

import dev.fewbit.model.fused.Fusion;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a decoder is put on a device.
 *
 * @param threads of ONNX Runtime for what runs on the processor
 * @param slots how many sequences are decoded at once, or 0: as many as fit, at most {@link #MOST_SLOTS}
 * @param maxLength longest sequence, prompt included, in tokens
 * @param linears how quantized linears are held
 * @param numbers of activations, keys and values on a GPU; on the processor they are fp32
 * @param graphs whether steps are recorded as CUDA graphs; on the processor they never are
 * @param session further entries of the session's configuration
 * @param fused what kernels of our own compute, on a GPU
 * @param scratchDirectory where a model that must be rewritten is put while it is loaded
 */
public record ResidentSettings(
        int threads,
        int slots,
        int maxLength,
        Linears linears,
        HalfNumbers numbers,
        boolean graphs,
        Map<String, String> session,
        Set<Fusion> fused,
        Path scratchDirectory) {
    /** More rows than were ever measured to help; each costs its keys and values. */
    public static final int MOST_SLOTS = 256;

    /** How quantized linears are held in the device's memory. */
    public enum Linears {
        /** As their codes, those of 2 and 3 bits in the 4-bit layout: the least memory, and the fastest for few rows. */
        CODES,
        /** As the fp16 numbers that the codes stand for: for many rows, where dequantizing at every step costs more than reading. */
        DENSE,
        /** The faster of the two for the slots that there are, as far as it fits: {@link FastestLinears}. */
        FASTEST
    }

    public ResidentSettings {
        if (numbers == HalfNumbers.BF16 && !fused.isEmpty()) {
            throw new IllegalArgumentException(
                    "kernels of our own compute with fp16; with bf16 none are allowed, not " + fused);
        }
        if (slots < 0 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException("slots " + slots + ": 0 (as many as fit) to " + MOST_SLOTS);
        }
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength " + maxLength + ": at least 1");
        }
        if (numbers == HalfNumbers.BF16 && !fused.isEmpty()) {
            throw new IllegalArgumentException("kernels of our own, " + fused + ": they compute in fp16, not in bf16");
        }
        session = Map.copyOf(session);
        fused = Set.copyOf(fused);
    }

    /** Settings with codes, graphs, one thread and the scratch directory of this JVM. */
    public static ResidentSettings of(int slots, int maxLength) {
        return new ResidentSettings(
                1,
                slots,
                maxLength,
                Linears.CODES,
                HalfNumbers.FP16,
                true,
                Map.of(),
                Set.of(),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** The same with other linears. */
    public ResidentSettings with(Linears other) {
        return new ResidentSettings(
                threads, slots, maxLength, other, numbers, graphs, session, fused, scratchDirectory);
    }

    /** The same with other numbers. */
    public ResidentSettings with(HalfNumbers other) {
        return new ResidentSettings(
                threads, slots, maxLength, linears, other, graphs, session, fused, scratchDirectory);
    }

    /** The same with other threads. */
    public ResidentSettings withThreads(int count) {
        return new ResidentSettings(
                count, slots, maxLength, linears, numbers, graphs, session, fused, scratchDirectory);
    }

    /** The same with another scratch directory. */
    public ResidentSettings withScratch(Path directory) {
        return new ResidentSettings(threads, slots, maxLength, linears, numbers, graphs, session, fused, directory);
    }

    /** The same with graphs or without. */
    public ResidentSettings withGraphs(boolean wanted) {
        return new ResidentSettings(
                threads, slots, maxLength, linears, numbers, wanted, session, fused, scratchDirectory);
    }

    /** The same with these computed by kernels of our own, and no others. */
    public ResidentSettings withFused(Set<Fusion> wanted) {
        return new ResidentSettings(
                threads, slots, maxLength, linears, numbers, graphs, session, wanted, scratchDirectory);
    }

    /** The same with another entry of the session's configuration. */
    public ResidentSettings withEntry(String key, String value) {
        Map<String, String> more = new HashMap<>(session);
        more.put(key, value);
        return new ResidentSettings(threads, slots, maxLength, linears, numbers, graphs, more, fused, scratchDirectory);
    }
}
