package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.DeviceProducts;
import dev.fewbit.quantizer.cuda.DeviceProducts.Block;
import dev.fewbit.quantizer.cuda.DeviceProducts.Blocks;

/**
 * Causal attention with grouped queries over the windows of a group, and its backward. Everything is split by heads, {@code [window, head,
 * position, dim]}: with the query heads of a group one behind the other, {@code Q [group * length, dim]}, {@code K} and {@code V [length,
 * dim]} of a window and key head make one product each, and all of them one batch:
 *
 * <pre>
 * P = softmax(c Q K')     Y = P V
 * dP = dY V'     dS = P (dP - rowsum(dP P))     dQ = c dS K     dK = c dS' Q     dV = P' dY
 * </pre>
 *
 * {@code P} is computed again on the way back, for as many windows at a time as 1 GiB of scores allows.
 */
final class DeviceAttention {
    /** Fixed: the size of a batch may show in its last bits. */
    private static final long MOST_SCORES = 1L << 28;

    private final DeviceProducts products;
    private final TrainingKernels kernels;
    private final int length;
    private final int dim;
    private final int kvHeads;
    private final int queries;
    private final float scale;
    /** Windows whose scores are in memory at a time. */
    private final int together;

    private final DeviceMatrix weights;
    private final DeviceMatrix gradients;

    /**
     * Takes memory for scores.
     *
     * @param length of a window
     * @param windows of a group
     */
    DeviceAttention(DeviceArena arena, TrainingKernels kernels, ModelConfig config, int length, int windows) {
        this.kernels = kernels;
        this.length = length;
        products = kernels.device().products();
        dim = config.headDim();
        kvHeads = config.kvHeads();
        queries = config.heads() / kvHeads * length;
        scale = (float) (1 / Math.sqrt(dim));
        long scores = (long) config.heads() * length * length;
        together = Math.clamp(MOST_SCORES / scores, 1, windows);
        weights = arena.matrix(together * config.heads() * length, length);
        gradients = arena.matrix(together * config.heads() * length, length);
    }

    /**
     * Attends.
     *
     * @param q rotated, {@code [tokens, heads * dim]} floats in split layout, as the rest
     * @param k rotated
     * @param output as {@code q}
     */
    void forward(DeviceMatrix q, DeviceMatrix k, DeviceMatrix v, DeviceMatrix output) {
        for (int from = 0; from < q.rows(); from += together * length) {
            int tokens = Math.min(together * length, q.rows() - from);
            int count = tokens / length * kvHeads;
            Blocks p = weigh(q.rows(from, tokens), k.rows(from, tokens), count);
            Blocks values = of(v.rows(from, tokens), length);
            products.times(queries, dim, length, 1, p, values, 0, of(output.rows(from, tokens), queries), count);
        }
    }

    /** Shapes as in {@link #forward}; the gradients of {@code q}, {@code k} and {@code v} are overwritten. */
    void backward(
            DeviceMatrix q,
            DeviceMatrix k,
            DeviceMatrix v,
            DeviceMatrix outputGradient,
            DeviceMatrix queryGradient,
            DeviceMatrix keyGradient,
            DeviceMatrix valueGradient) {
        for (int from = 0; from < q.rows(); from += together * length) {
            int tokens = Math.min(together * length, q.rows() - from);
            int count = tokens / length * kvHeads;
            Blocks p = weigh(q.rows(from, tokens), k.rows(from, tokens), count);
            Blocks s = scores(gradients);
            Blocks dy = of(outputGradient.rows(from, tokens), queries);
            Blocks dq = of(queryGradient.rows(from, tokens), queries);
            Blocks dk = of(keyGradient.rows(from, tokens), length);
            Blocks dv = of(valueGradient.rows(from, tokens), length);
            products.transposedTimes(length, dim, queries, 1, p, dy, 0, dv, count);
            products.timesTransposed(queries, length, dim, 1, dy, of(v.rows(from, tokens), length), s, count);
            kernels.softmaxBack(used(weights, count), used(gradients, count), length);
            products.times(queries, dim, length, scale, s, of(k.rows(from, tokens), length), 0, dq, count);
            products.transposedTimes(length, dim, queries, scale, s, of(q.rows(from, tokens), queries), 0, dk, count);
        }
    }

    private Blocks weigh(DeviceMatrix q, DeviceMatrix k, int count) {
        Blocks p = scores(weights);
        products.timesTransposed(queries, length, dim, scale, of(q, queries), of(k, length), p, count);
        kernels.softmax(used(weights, count), length);
        return p;
    }

    private DeviceMatrix used(DeviceMatrix scores, int count) {
        return scores.rows(0, count * queries);
    }

    private Blocks scores(DeviceMatrix scores) {
        return new Blocks(new Block(scores, 0, 0), (long) queries * length);
    }

    /** Blocks of {@code rows} positions of heads. */
    private Blocks of(DeviceMatrix split, int rows) {
        int all = Math.toIntExact(split.elements() / dim);
        DeviceMatrix heads = new DeviceMatrix(split.device(), split.address(), all, dim);
        return new Blocks(new Block(heads, 0, 0), (long) rows * dim);
    }
}
