package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.MlpSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.cuda.DeviceProducts.Block;
import dev.fewbit.quantizer.cuda.DeviceProducts.Blocks;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.streams.LayerInputs;
import java.util.Optional;

/**
 * The parts of a decoder layer on a device, as its {@link LayerSpec} has them: {@link dev.fewbit.quantizer.forward.DecoderLayer} over windows
 * of one length, one behind the other.
 */
public final class DeviceDecoder {
    /** Queries of a window whose scores are computed at a time. Fixed: the size of a product shows in its last bits. */
    private static final int QUERIES = 512;

    private final CudaDevice device;
    private final int length;
    private final DecoderKernels kernels;
    private final DeviceProducts products;
    private final Rotary rotary;

    /**
     * @param arena holds the angles of the rotary positions
     * @param length of every window
     */
    public DeviceDecoder(DeviceArena arena, ModelConfig config, int length) {
        this.device = arena.device();
        this.length = length;
        kernels = new DecoderKernels(device);
        products = device.products();
        rotary = Rotary.of(arena, config, length);
    }

    public DecoderKernels kernels() {
        return kernels;
    }

    public DeviceProducts products() {
        return products;
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

    /**
     * Adds what a linear makes of {@code read} to the residual stream, behind the norm and the multiplier that stand there.
     *
     * @param linear {@link LayerLinear#ATTENTION_OUTPUT} or {@link LayerLinear#DOWN}
     * @param read {@code [windows * length, k]}
     * @param x {@code [windows * length, hidden]}
     */
    public void add(DeviceLayer weights, LayerLinear linear, DeviceMatrix read, DeviceMatrix x) {
        LayerSpec spec = weights.spec();
        Optional<NormSpec> norm =
                linear == LayerLinear.ATTENTION_OUTPUT ? spec.attentionOutputNorm() : spec.mlpOutputNorm();
        if (norm.isEmpty()
                && spec.residualMultiplier() == 1
                && linear.in(spec).bias().isEmpty()) {
            products.linear(read, weights.linear(linear), x, 1);
            return;
        }
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix output = scratch.matrix(x.rows(), x.columns());
            product(weights, linear, read, output);
            norm.ifPresent(n -> norm(weights, n, output, output));
            kernels.add(x, output, (float) spec.residualMultiplier());
        }
    }

    private void norm(DeviceLayer weights, LayerNorm norm, DeviceMatrix x, DeviceMatrix output) {
        norm(weights, norm.in(weights.spec()), x, output);
    }

    private void norm(DeviceLayer weights, NormSpec norm, DeviceMatrix x, DeviceMatrix output) {
        DeviceMatrix bias = norm.bias().map(weights::vector).orElse(null);
        kernels.norm(norm, x, weights.vector(norm.weight()), bias, output);
    }

    /** Causal attention over each window, before its last linear: {@code h} is normed, {@code output [tokens, heads * headDim]}. */
    private void attention(DeviceLayer weights, DeviceMatrix h, DeviceMatrix output) {
        AttentionSpec attention = weights.spec().attention();
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix q = product(scratch, weights, LayerLinear.QUERY, h);
            DeviceMatrix k = product(scratch, weights, LayerLinear.KEY, h);
            DeviceMatrix v = product(scratch, weights, LayerLinear.VALUE, h);
            attention.queryNorm().ifPresent(norm -> norm(weights, norm, q, q));
            attention.keyNorm().ifPresent(norm -> norm(weights, norm, k, k));
            kernels.rotate(q, rotary, attention.heads(), 1);
            kernels.rotate(k, rotary, attention.kvHeads(), 1);
            DeviceMatrix scores = scratch.matrix(attention.heads() * Math.min(QUERIES, length), length);
            for (int first = 0; first < h.rows(); first += length) {
                for (int from = 0; from < length; from += QUERIES) {
                    attend(attention, q, k, v, first, from, Math.min(QUERIES, length - from), scores, output);
                }
            }
        }
    }

    /** {@code count} queries of a window: {@code softmax(scale q k') v} for each head. */
    private void attend(
            AttentionSpec attention,
            DeviceMatrix q,
            DeviceMatrix k,
            DeviceMatrix v,
            int first,
            int from,
            int count,
            DeviceMatrix memory,
            DeviceMatrix output) {
        int dim = attention.headDim();
        int heads = attention.heads();
        int shared = attention.kvHeads();
        int group = heads / shared;
        // What lies behind the last of these queries has no weight for any of them.
        int seen = from + count;
        DeviceMatrix scores = new DeviceMatrix(device, memory.address(), heads * count, seen);
        // Heads that share a key lie together; products step from key to key, or where there is one key from query to
        // query.
        boolean one = shared == 1;
        int calls = one ? 1 : group;
        int batch = one ? group : shared;
        long nextQuery = (long) (one ? 1 : group) * dim;
        long nextKey = one ? 0 : dim;
        long nextScores = (long) (one ? 1 : group) * count * seen;
        for (int i = 0; i < calls; i++) {
            products.timesTransposed(
                    count,
                    seen,
                    dim,
                    (float) attention.scale(),
                    new Blocks(new Block(q, first + from, i * dim), nextQuery),
                    new Blocks(new Block(k, first, 0), nextKey),
                    new Blocks(new Block(scores, i * count, 0), nextScores),
                    batch);
        }
        attention.softCap().ifPresent(cap -> kernels.cap(scores, cap));
        kernels.causalSoftmax(
                scores, heads * count, from, count, seen, attention.window().orElse(Integer.MAX_VALUE));
        for (int i = 0; i < calls; i++) {
            products.times(
                    count,
                    dim,
                    seen,
                    1,
                    new Blocks(new Block(scores, i * count, 0), nextScores),
                    new Blocks(new Block(v, first, 0), nextKey),
                    0,
                    new Blocks(new Block(output, first + from, i * dim), nextQuery),
                    batch);
        }
    }

    /** What the MLP's last linear reads: {@code h} is normed, {@code output [tokens, intermediate]}. */
    private void inner(DeviceLayer weights, DeviceMatrix h, DeviceMatrix output) {
        MlpSpec mlp = weights.spec().mlp();
        if (mlp.gate().isEmpty()) {
            product(weights, LayerLinear.UP, h, output);
            kernels.activate(mlp.activation(), output, null, output);
            return;
        }
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix up = product(scratch, weights, LayerLinear.UP, h);
            product(weights, LayerLinear.GATE, h, output);
            kernels.activate(mlp.activation(), output, up, output);
        }
    }

    private DeviceMatrix product(DeviceArena arena, DeviceLayer weights, LayerLinear linear, DeviceMatrix input) {
        DeviceMatrix output = arena.matrix(input.rows(), weights.linear(linear).rows());
        product(weights, linear, input, output);
        return output;
    }

    private void product(DeviceLayer weights, LayerLinear linear, DeviceMatrix input, DeviceMatrix output) {
        products.linear(input, weights.linear(linear), output, 0);
        linear.in(weights.spec()).bias().ifPresent(bias -> kernels.addToRows(output, weights.vector(bias)));
    }
}
