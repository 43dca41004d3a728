package dev.fewbit.quantizer.fidelity;

import dev.fewbit.contracts.artifact.Fidelity;
import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Compares a decoder with quantized linears with the original on held-out texts, fp32 throughout, weights as stored, what was not replaced as in the
 * checkpoint. The original's part is taken from {@link BaselineStates} where it was computed before.
 */
public final class FidelityMeasurement implements AutoCloseable {
    /** Documents are computed together up to so many tokens. Fixed: the size of a product shows in its last bits. */
    private static final int BATCH_TOKENS = 256;
    /** Rows of logits at a time: those of both decoders stay in a core's cache. */
    private static final int ROWS = 64;

    private final Arena arena = Arena.ofShared();
    private final Checkpoint checkpoint;
    private final HeldOutTexts texts;
    private final BaselineStates baseline;
    private final DecoderForward original;
    private final DecoderForward quantized;

    /**
     * Reads the checkpoint.
     *
     * @param texts not none
     */
    public FidelityMeasurement(Checkpoint checkpoint, HeldOutTexts texts, BaselineStates baseline) {
        this.checkpoint = checkpoint;
        this.texts = texts;
        this.baseline = baseline;
        int longest = texts.byKey().values().stream()
                .flatMap(text -> text.ids().stream())
                .mapToInt(ids -> ids.length)
                .max()
                .orElseThrow();
        original = new DecoderForward(arena, checkpoint, longest);
        quantized = original.fork();
    }

    /** Takes a quantized linear in the place of the original; {@code name} as in the checkpoint. */
    public void replace(String name, BlockQuantizedWeight weight) {
        Matrix restored = Matrix.of(arena, weight);
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (LayerLinear linear : LayerLinear.values()) {
                if (linear.weight(layer).equals(name)) {
                    quantized.layer(layer).replace(linear, restored);
                }
            }
        }
    }

    /** Takes a quantized table {@code [vocabulary, hidden]} for embedding, for head, or for both. */
    public void replaceTable(BlockQuantizedWeight weight, boolean forEmbedding, boolean forHead) {
        Matrix restored = Matrix.of(arena, weight);
        if (forEmbedding) {
            quantized.replaceEmbedding(restored);
        }
        if (forHead) {
            quantized.replaceHead(restored);
        }
    }

    /** Takes a norm of a layer in the place of the original. */
    public void replace(Tensor gains) {
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (LayerNorm norm : LayerNorm.values()) {
                if (norm.weight(checkpoint.config(), layer).equals(gains.name())) {
                    quantized.layer(layer).replace(norm, gains.toFloats());
                }
            }
        }
    }

    /** The fidelity on each text. */
    public Fidelity measure() {
        return new Fidelity(measure(HeldOutTexts.CODE), measure(HeldOutTexts.TEXT));
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Documents that are computed together; {@code row} is the first one's in the states of the whole text. */
    private record Batch(int row, List<int[]> documents) {}

    private TextFidelity measure(String key) {
        HeldOutText text = texts.byKey().get(key);
        if (text == null) {
            return null;
        }
        List<Batch> batches = batches(text.ids());
        int rows = text.ids().stream().mapToInt(ids -> ids.length).sum();
        int hidden = checkpoint.config().hiddenSize();
        try (Arena scratch = Arena.ofShared()) {
            Matrix expected = baseline.of(
                    scratch,
                    List.of(checkpoint.digest(), text.digest(), Products.processor(), Integer.toString(BATCH_TOKENS)),
                    rows,
                    hidden,
                    () -> states(scratch, rows, batches));
            // Batches in parallel, results in their order: sums do not depend on the number of threads.
            return NextTokens.together(inParallel(batches, batch -> compare(batch, expected)));
        }
    }

    private Matrix states(Arena scratch, int rows, List<Batch> batches) {
        Matrix all = Matrix.allocate(scratch, rows, checkpoint.config().hiddenSize());
        inParallel(batches, batch -> {
            try (Arena own = Arena.ofConfined()) {
                Matrix found = original.states(own, batch.documents);
                all.rows(batch.row, found.rows()).data().copyFrom(found.data());
                return batch;
            }
        });
        return all;
    }

    private NextTokens compare(Batch batch, Matrix expected) {
        try (Arena own = Arena.ofConfined()) {
            Matrix found = quantized.states(own, batch.documents);
            NextTokens compared = new NextTokens(found.rows());
            Logits logits = new Logits(
                    Matrix.allocate(own, ROWS, checkpoint.config().vocabSize()),
                    Matrix.allocate(own, ROWS, checkpoint.config().vocabSize()));
            int first = 0;
            for (int[] ids : batch.documents) {
                for (int from = 0; from < ids.length - 1; from += ROWS) {
                    int count = Math.min(ROWS, ids.length - 1 - from);
                    compare(
                            expected.rows(batch.row + first + from, count),
                            found.rows(first + from, count),
                            ids,
                            from,
                            logits,
                            compared);
                }
                first += ids.length;
            }
            return compared;
        }
    }

    /** Room for some rows of logits of both decoders, used again and again. */
    private record Logits(Matrix original, Matrix quantized) {}

    private void compare(Matrix expected, Matrix found, int[] ids, int from, Logits room, NextTokens compared) {
        original.logits(expected, room.original.rows(0, expected.rows()));
        quantized.logits(found, room.quantized.rows(0, found.rows()));
        for (int row = 0; row < expected.rows(); row++) {
            compared.add(room.original.row(row), room.quantized.row(row), ids[from + row + 1]);
        }
    }

    private static <T> List<T> inParallel(List<Batch> batches, Function<Batch, T> work) {
        return batches.parallelStream().map(work).toList();
    }

    private static List<Batch> batches(List<int[]> documents) {
        List<Batch> batches = new ArrayList<>();
        List<int[]> gathered = new ArrayList<>();
        int row = 0;
        int tokens = 0;
        for (int[] ids : documents) {
            if (tokens > 0 && tokens + ids.length > BATCH_TOKENS) {
                batches.add(new Batch(row, List.copyOf(gathered)));
                row += tokens;
                tokens = 0;
                gathered.clear();
            }
            gathered.add(ids);
            tokens += ids.length;
        }
        batches.add(new Batch(row, List.copyOf(gathered)));
        return batches;
    }
}
