package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.DeviceProducts.Block;
import dev.fewbit.quantizer.cuda.DeviceProducts.Blocks;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.streams.LayerInputs;
import java.lang.foreign.MemorySegment;

/**
 * The parts of a decoder layer on a device: {@link dev.fewbit.quantizer.forward.DecoderLayer} over windows of one length, one behind the
 * other.
 */
public final class DeviceDecoder {
    /** Queries of a window whose scores are computed at a time. Fixed: the size of a product shows in its last bits. */
    private static final int QUERIES = 512;

    private final CudaDevice device;
    private final ModelConfig config;
    private final int length;
    private final DecoderKernels kernels;
    private final DeviceProducts products;
    private final DeviceMatrix cosines;
    private final DeviceMatrix sines;

    /**
     * @param arena holds the angles of the rotary positions
     * @param length of every window
     */
    public DeviceDecoder(DeviceArena arena, ModelConfig config, int length) {
        this.device = arena.device();
        this.config = config;
        this.length = length;
        kernels = new DecoderKernels(device);
        products = device.products();
        RotaryPositions positions = new RotaryPositions(config, length);
        cosines = arena.matrix(length, config.headDim() / 2);
        sines = arena.matrix(length, config.headDim() / 2);
        for (int position = 0; position < length; position++) {
            device.upload(MemorySegment.ofArray(positions.cosines(position)), cosines.at(position, 0));
            device.upload(MemorySegment.ofArray(positions.sines(position)), sines.at(position, 0));
        }
    }

    public DecoderKernels kernels() {
        return kernels;
    }

    public DeviceProducts products() {
        return products;
    }

    /** Cosines of the rotary positions, {@code [length, headDim / 2]}. */
    public DeviceMatrix cosines() {
        return cosines;
    }

    /** Sines of the rotary positions, {@code [length, headDim / 2]}. */
    public DeviceMatrix sines() {
        return sines;
    }

    /**
     * What linears read.
     *
     * @param x {@code [windows * length, hidden]}, the residual stream
     * @param output {@code [windows * length, width]}
     */
    public void compute(LayerInputs inputs, DeviceLayer weights, DeviceMatrix x, DeviceMatrix output) {
        switch (inputs) {
            case ATTENTION -> norm(weights, LayerNorm.INPUT, x, output);
            case MLP -> norm(weights, LayerNorm.MIDDLE, x, output);
            case ATTENDED -> {
                try (DeviceArena scratch = device.newArena()) {
                    DeviceMatrix h = scratch.matrix(x.rows(), x.columns());
                    norm(weights, LayerNorm.INPUT, x, h);
                    attention(weights, h, output);
                }
            }
            case INNER -> {
                try (DeviceArena scratch = device.newArena()) {
                    DeviceMatrix h = scratch.matrix(x.rows(), x.columns());
                    norm(weights, LayerNorm.MIDDLE, x, h);
                    inner(weights, h, output);
                }
            }
        }
    }

    /** The whole layer: {@code x [windows * length, hidden]} becomes what the next one reads. */
    public void apply(DeviceLayer weights, DeviceMatrix x) {
        for (LayerInputs inputs : LayerInputs.values()) {
            if (inputs.adds()) {
                try (DeviceArena scratch = device.newArena()) {
                    DeviceMatrix read = scratch.matrix(x.rows(), inputs.width(config));
                    compute(inputs, weights, x, read);
                    products.linear(read, weights.linear(inputs.linears().getFirst()), x, 1);
                }
            }
        }
    }

    private void norm(DeviceLayer weights, LayerNorm norm, DeviceMatrix x, DeviceMatrix output) {
        kernels.rmsNorm(x, weights.norm(norm), config.rmsNormEps(), output);
    }

    /** Causal attention over each window, before its last linear: {@code h} is normed, {@code output [tokens, heads * headDim]}. */
    private void attention(DeviceLayer weights, DeviceMatrix h, DeviceMatrix output) {
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix q = product(scratch, h, weights.linear(LayerLinear.QUERY));
            DeviceMatrix k = product(scratch, h, weights.linear(LayerLinear.KEY));
            DeviceMatrix v = product(scratch, h, weights.linear(LayerLinear.VALUE));
            kernels.rotate(q, cosines, sines, length, config.heads(), 1);
            kernels.rotate(k, cosines, sines, length, config.kvHeads(), 1);
            DeviceMatrix scores = scratch.matrix(config.heads() * Math.min(QUERIES, length), length);
            for (int first = 0; first < h.rows(); first += length) {
                for (int from = 0; from < length; from += QUERIES) {
                    attend(q, k, v, first, from, Math.min(QUERIES, length - from), scores, output);
                }
            }
        }
    }

    /** {@code count} queries of a window: {@code softmax(q k' / sqrt(dim)) v} for each head. */
    private void attend(
            DeviceMatrix q,
            DeviceMatrix k,
            DeviceMatrix v,
            int first,
            int from,
            int count,
            DeviceMatrix memory,
            DeviceMatrix output) {
        int dim = config.headDim();
        int heads = config.heads();
        int shared = config.kvHeads();
        int group = heads / shared;
        // What lies behind the last of these queries has no weight for any of them.
        int seen = from + count;
        float scale = (float) (1 / Math.sqrt(dim));
        DeviceMatrix scores = new DeviceMatrix(device, memory.address(), heads * count, seen);
        // Heads that share a key lie together; products step from key to key.
        long nextQuery = (long) group * dim;
        long nextScores = (long) group * count * seen;
        for (int i = 0; i < group; i++) {
            products.timesTransposed(
                    count,
                    seen,
                    dim,
                    scale,
                    new Blocks(new Block(q, first + from, i * dim), nextQuery),
                    new Blocks(new Block(k, first, 0), dim),
                    new Blocks(new Block(scores, i * count, 0), nextScores),
                    shared);
        }
        kernels.causalSoftmax(scores, heads * count, from, count, seen);
        for (int i = 0; i < group; i++) {
            products.times(
                    count,
                    dim,
                    seen,
                    1,
                    new Blocks(new Block(scores, i * count, 0), nextScores),
                    new Blocks(new Block(v, first, 0), dim),
                    0,
                    new Blocks(new Block(output, first + from, i * dim), nextQuery),
                    shared);
        }
    }

    /** {@code silu(h gate') * (h up')}: {@code h} is normed, {@code output [tokens, intermediate]}. */
    private void inner(DeviceLayer weights, DeviceMatrix h, DeviceMatrix output) {
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix up = product(scratch, h, weights.linear(LayerLinear.UP));
            products.linear(h, weights.linear(LayerLinear.GATE), output, 0);
            kernels.siluTimes(output, up, output);
        }
    }

    private DeviceMatrix product(DeviceArena arena, DeviceMatrix input, DeviceMatrix weight) {
        DeviceMatrix output = arena.matrix(input.rows(), weight.rows());
        products.linear(input, weight, output, 0);
        return output;
    }
}
