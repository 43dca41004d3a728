package dev.fewbit.quantizer.forward;

import dev.fewbit.model.architecture.Architecture;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A whole decoder in fp32: token ids to logits. The weights of its layers may be replaced before it runs. */
public final class DecoderForward {
    /** Name of the embedding in a checkpoint. */
    public static final String EMBEDDING = "model.embed_tokens.weight";

    private final Tensor embedding;
    private final Matrix head;
    private final float[] lastNorm;
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
        embedding = checkpoint.tensor(EMBEDDING);
        head = Matrix.of(arena, config.tieWordEmbeddings() ? embedding : checkpoint.tensor(Architecture.HEAD));
        lastNorm = checkpoint.tensor("model.norm.weight").toFloats();
        layer = new DecoderLayer(config, length);
        layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(LayerWeights.of(arena, checkpoint, i));
        }
    }

    private DecoderForward(DecoderForward other) {
        embedding = other.embedding;
        head = other.head;
        lastNorm = other.lastNorm;
        layer = other.layer;
        layers = other.layers.stream().map(LayerWeights::fork).toList();
    }

    /** The same decoder; replacing weights of one leaves the other as it is. */
    public DecoderForward fork() {
        return new DecoderForward(this);
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
        Matrix x = embed(
                arena, embedding, sequences.stream().flatMapToInt(IntStream::of).toArray());
        for (LayerWeights weights : layers) {
            layer.apply(weights, x, lengths);
        }
        layer.norm(x, lastNorm, x);
        return x;
    }

    /** Rows of the checkpoint's embedding: {@code [ids.length, hidden]}. */
    public static Matrix embed(Arena arena, Checkpoint checkpoint, int[] ids) {
        return embed(arena, checkpoint.tensor(EMBEDDING), ids);
    }

    private static Matrix embed(Arena arena, Tensor embedding, int[] ids) {
        int hidden = Math.toIntExact(embedding.shape()[1]);
        Matrix x = Matrix.allocate(arena, ids.length, hidden);
        for (int i = 0; i < ids.length; i++) {
            x.setRow(i, embedding.toFloats((long) ids[i] * hidden, hidden));
        }
        return x;
    }
}
