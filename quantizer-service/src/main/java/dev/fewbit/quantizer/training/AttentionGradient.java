package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * Causal attention with grouped queries over one window, and its backward. For each query head, with {@code K} and {@code V} of its
 * group and {@code c = headDim^(-1/2)}:
 *
 * <pre>
 * P = softmax(c Q K')     Y = P V
 * dP = dY V'     dS = P (dP - rowsum(dP P))     dQ = c dS K     dK += c dS' Q     dV += P' dY
 * </pre>
 *
 * {@code P} is computed again on the way back: {@code [tokens, tokens]} a head and layer would be the largest thing to keep.
 */
final class AttentionGradient {
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
        int tokens = q.rows();
        int dim = config.headDim();
        try (Arena arena = Arena.ofConfined()) {
            Matrix weights = Matrix.allocate(arena, tokens, tokens);
            for (int head = 0; head < config.heads(); head++) {
                weigh(q, k, head, weights);
                Products.times(
                        tokens,
                        dim,
                        tokens,
                        1,
                        new Block(weights, 0, 0),
                        new Block(v, 0, shared(head)),
                        0,
                        new Block(output, 0, head * dim));
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
        int tokens = q.rows();
        int dim = config.headDim();
        try (Arena arena = Arena.ofConfined()) {
            Matrix weights = Matrix.allocate(arena, tokens, tokens);
            Matrix scores = Matrix.allocate(arena, tokens, tokens);
            Block w = new Block(weights, 0, 0);
            Block s = new Block(scores, 0, 0);
            for (int head = 0; head < config.heads(); head++) {
                int own = head * dim;
                int shared = shared(head);
                // The first head of a group overwrites, the others add.
                float keep = head % group() == 0 ? 0 : 1;
                Block out = new Block(outputGradient, 0, own);
                weigh(q, k, head, weights);
                Products.transposedTimes(tokens, dim, tokens, 1, w, out, keep, new Block(valueGradient, 0, shared));
                Products.timesTransposed(tokens, tokens, dim, 1, out, new Block(v, 0, shared), s);
                throughSoftmax(weights, scores);
                Products.times(
                        tokens, dim, tokens, scale, s, new Block(k, 0, shared), 0, new Block(queryGradient, 0, own));
                Products.transposedTimes(
                        tokens, dim, tokens, scale, s, new Block(q, 0, own), keep, new Block(keyGradient, 0, shared));
            }
        }
    }

    private void weigh(Matrix q, Matrix k, int head, Matrix weights) {
        int tokens = q.rows();
        int dim = config.headDim();
        Products.timesTransposed(
                tokens,
                tokens,
                dim,
                scale,
                new Block(q, 0, head * dim),
                new Block(k, 0, shared(head)),
                new Block(weights, 0, 0));
        DecoderLayer.softmax(weights);
    }

    /** Gradients of the weights become those of the scores. */
    private static void throughSoftmax(Matrix weights, Matrix gradients) {
        for (int token = 0; token < weights.rows(); token++) {
            float[] p = weights.row(token);
            float[] d = gradients.row(token);
            double dot = 0;
            for (int i = 0; i <= token; i++) {
                dot += (double) p[i] * d[i];
            }
            float mean = (float) dot;
            for (int i = 0; i < p.length; i++) {
                d[i] = i <= token ? p[i] * (d[i] - mean) : 0;
            }
            gradients.setRow(token, d);
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
