package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Causal attention with grouped queries over one window, and its backward. For each query head, with {@code K} and {@code V} of its
 * group and {@code c = headDim^(-1/2)}:
 *
 * <pre>
 * P = softmax(c Q K')     Y = P V
 * dP = dY V'     dS = P (dP - rowsum(dP P))     dQ = c dS K     dK += c dS' Q     dV += P' dY
 * </pre>
 *
 * {@code P} is computed again on the way back, for some queries at a time: {@code [tokens, tokens]} a head and layer would be the largest
 * thing to keep.
 */
final class AttentionGradient {
    /** Queries whose scores are computed at a time. Fixed: the size of a product shows in its last bits. */
    private static final int QUERIES = 128;

    private final ModelConfig config;
    private final float scale;

    AttentionGradient(ModelConfig config) {
        this.config = config;
        scale = (float) (1 / Math.sqrt(config.headDim()));
    }

    /**
     * Attends.
     *
     * @param q rotated, {@code [tokens, heads * headDim]}
     * @param k rotated, {@code [tokens, kvHeads * headDim]}
     * @param v {@code [tokens, kvHeads * headDim]}
     * @param output {@code [tokens, heads * headDim]}
     */
    void forward(Matrix q, Matrix k, Matrix v, Matrix output) {
        try (Arena arena = Arena.ofConfined()) {
            Scores scores = new Scores(arena, q.rows());
            for (int from = 0; from < q.rows(); from += QUERIES) {
                for (int head = 0; head < config.heads(); head++) {
                    int count = Math.min(QUERIES, q.rows() - from);
                    int seen = from + count;
                    weigh(q, k, head, from, scores.weights);
                    Block out = new Block(output, from, head * config.headDim());
                    Block values = new Block(v, 0, shared(head));
                    Products.times(count, config.headDim(), seen, 1, scores.weightBlock(), values, 0, out);
                }
            }
        }
    }

    /** Shapes as in {@link #forward}; the gradients of {@code q}, {@code k} and {@code v} are overwritten. */
    void backward(
            Matrix q,
            Matrix k,
            Matrix v,
            Matrix outputGradient,
            Matrix queryGradient,
            Matrix keyGradient,
            Matrix valueGradient) {
        int dim = config.headDim();
        keyGradient.data().fill((byte) 0);
        valueGradient.data().fill((byte) 0);
        try (Arena arena = Arena.ofConfined()) {
            Scores scores = new Scores(arena, q.rows());
            Block w = scores.weightBlock();
            Block s = new Block(scores.gradients, 0, 0);
            for (int from = 0; from < q.rows(); from += QUERIES) {
                int count = Math.min(QUERIES, q.rows() - from);
                // What lies behind the last of these queries has no weight for any of them.
                int seen = from + count;
                for (int head = 0; head < config.heads(); head++) {
                    Block query = new Block(q, from, head * dim);
                    Block out = new Block(outputGradient, from, head * dim);
                    Block values = new Block(v, 0, shared(head));
                    Block keys = new Block(k, 0, shared(head));
                    weigh(q, k, head, from, scores.weights);
                    Products.transposedTimes(seen, dim, count, 1, w, out, 1, new Block(valueGradient, 0, shared(head)));
                    Products.timesTransposed(count, seen, dim, 1, out, values, s);
                    throughSoftmax(scores, from, count);
                    Products.times(count, dim, seen, scale, s, keys, 0, new Block(queryGradient, from, head * dim));
                    Products.transposedTimes(
                            seen, dim, count, scale, s, query, 1, new Block(keyGradient, 0, shared(head)));
                }
            }
        }
    }

    /** Weights and their gradients of some queries: {@code [QUERIES, tokens]} each. */
    private static final class Scores {
        private final Matrix weights;
        private final Matrix gradients;

        Scores(Arena arena, int tokens) {
            weights = Matrix.allocate(arena, Math.min(QUERIES, tokens), tokens);
            gradients = Matrix.allocate(arena, Math.min(QUERIES, tokens), tokens);
        }

        Block weightBlock() {
            return new Block(weights, 0, 0);
        }
    }

    private void weigh(Matrix q, Matrix k, int head, int from, Matrix weights) {
        int count = Math.min(QUERIES, q.rows() - from);
        int dim = config.headDim();
        Block query = new Block(q, from, head * dim);
        Block keys = new Block(k, 0, shared(head));
        Products.timesTransposed(count, from + count, dim, scale, query, keys, new Block(weights, 0, 0));
        DecoderLayer.softmax(weights, from, count, from + count);
    }

    /** Gradients of the weights become those of the scores. */
    private static void throughSoftmax(Scores scores, int from, int count) {
        for (int i = 0; i < count; i++) {
            float[] p = scores.weights.row(i);
            float[] d = scores.gradients.row(i);
            int own = from + i + 1;
            double dot = 0;
            for (int j = 0; j < own; j++) {
                dot += (double) p[j] * d[j];
            }
            float mean = (float) dot;
            for (int j = 0; j < own; j++) {
                d[j] = p[j] * (d[j] - mean);
            }
            Arrays.fill(d, own, from + count, 0);
            scores.gradients.setRow(i, d);
        }
    }

    private int group() {
        return config.heads() / config.kvHeads();
    }

    /** First column of the keys and values that a query head reads. */
    private int shared(int head) {
        return head / group() * config.headDim();
    }
}
