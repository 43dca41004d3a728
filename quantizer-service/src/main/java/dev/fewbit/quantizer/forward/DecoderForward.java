package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A whole decoder in fp32: token ids to logits. The weights of its layers may be replaced before it runs. */
public final class DecoderForward {
    /** Name of the last norm's gains in a checkpoint. */
    public static final String LAST_NORM = "model.norm.weight";

    private final int hidden;
    private final DecoderSpec decoder;
    private TokenEmbedding embedding;

    private Matrix head;
    private final float[] lastNorm;
    /** {@code null} where the last norm has none. */
    private final float[] lastBias;

    private final List<LayerWeights> layers;
    private final DecoderLayer layer;

    /**
     * Reads a checkpoint.
     *
     * @param arena holds the widened weights
     * @param length of the longest sequence
     */
    public DecoderForward(Arena arena, Checkpoint checkpoint, int length) {
        ModelConfig config = checkpoint.config();
        hidden = config.hiddenSize();
        decoder = config.decoder();
        embedding = TokenEmbedding.of(checkpoint);
        String table = config.tieWordEmbeddings() ? Architecture.EMBEDDING : Architecture.HEAD;
        head = Matrix.of(arena, checkpoint.tensor(table));
        NormSpec norm = decoder.lastNorm();
        lastNorm = checkpoint.tensor(norm.weight()).toFloats();
        lastBias = norm.bias().map(bias -> checkpoint.tensor(bias).toFloats()).orElse(null);
        layer = new DecoderLayer(config, length);
        layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(LayerWeights.of(arena, checkpoint, i));
        }
    }

    private DecoderForward(DecoderForward other) {
        hidden = other.hidden;
        decoder = other.decoder;
        embedding = other.embedding;
        head = other.head;
        lastNorm = other.lastNorm;
        lastBias = other.lastBias;
        layer = other.layer;
        layers = other.layers.stream().map(LayerWeights::fork).toList();
    }

    /** The same decoder; replacing weights of one leaves the other as it is. */
    public DecoderForward fork() {
        return new DecoderForward(this);
    }

    /** Takes another embedding {@code [vocabulary, hidden]}. */
    public void replaceEmbedding(Matrix table) {
        embedding = embedding.with(table);
    }

    /** Takes another head {@code [vocabulary, hidden]}. */
    public void replaceHead(Matrix weight) {
        head = weight;
    }

    public LayerWeights layer(int index) {
        return layers.get(index);
    }

    /**
     * Logits of the token behind each.
     *
     * @param arena holds the result
     * @return {@code [ids.length, vocabulary]}
     */
    public Matrix logits(Arena arena, int[] ids) {
        Matrix logits = Matrix.allocate(arena, ids.length, head.rows());
        try (Arena scratch = Arena.ofConfined()) {
            logits(states(scratch, List.of(ids)), logits);
        }
        return logits;
    }

    /**
     * Logits of the token behind each.
     *
     * @param states {@code [tokens, hidden]}, of this decoder or of another with the same head
     * @param output {@code [tokens, vocabulary]}
     */
    public void logits(Matrix states, Matrix output) {
        Products.linear(states, head, output, 0);
        if (decoder.head().divisor() != 1) {
            float factor = (float) (1 / decoder.head().divisor());
            for (int token = 0; token < output.rows(); token++) {
                float[] row = output.row(token);
                for (int i = 0; i < row.length; i++) {
                    row[i] *= factor;
                }
                output.setRow(token, row);
            }
        }
        decoder.head().softCap().ifPresent(cap -> Activations.cap(output, output.rows(), output.columns(), cap));
    }

    /**
     * What the head reads: the normed residual stream behind the last layer. Sequences are computed together, since larger products are
     * faster, and do not see one another.
     *
     * @param arena holds the result
     * @param sequences each begins at position 0
     * @return {@code [tokens, hidden]}, one sequence behind the other
     */
    public Matrix states(Arena arena, List<int[]> sequences) {
        int[] lengths = sequences.stream().mapToInt(ids -> ids.length).toArray();
        Matrix x = Matrix.allocate(arena, IntStream.of(lengths).sum(), hidden);
        int from = 0;
        for (int[] ids : sequences) {
            embedding.embed(ids, x.rows(from, ids.length));
            from += ids.length;
        }
        for (LayerWeights weights : layers) {
            layer.apply(weights, x, lengths);
        }
        Norms.apply(decoder.lastNorm(), lastNorm, lastBias, x, x);
        return x;
    }

    /** What the first layer reads of a sequence: {@code [ids.length, hidden]}. */
    public static Matrix embed(Arena arena, Checkpoint checkpoint, int[] ids) {
        Matrix x = Matrix.allocate(arena, ids.length, checkpoint.config().hiddenSize());
        embed(checkpoint, ids, x);
        return x;
    }

    /** What the first layer reads of a sequence, into {@code x [ids.length, hidden]}. */
    public static void embed(Checkpoint checkpoint, int[] ids, Matrix x) {
        TokenEmbedding.of(checkpoint).embed(ids, x);
    }
}
