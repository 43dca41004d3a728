package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.DeviceProducts;
import dev.fewbit.quantizer.cuda.DeviceProducts.Block;
import dev.fewbit.quantizer.cuda.Rotary;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.training.LayerTape;
import dev.fewbit.quantizer.training.OutputGradients;

/**
 * A Llama decoder layer over the windows of a group, forward and backward.
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023</a>
 */
final class DevicePass {
    private final ModelConfig config;
    private final TrainingKernels kernels;
    private final DeviceProducts products;
    private final DeviceAttention attention;
    private final Rotary rotary;
    private final DeviceMatrix joined;
    private final DeviceMatrix split;
    private final DeviceMatrix keySplit;
    private final DeviceMatrix h;
    private final DeviceMatrix inner;

    /**
     * Takes memory for what is only needed inside of a layer.
     *
     * @param length of a window
     * @param windows of a group
     */
    DevicePass(DeviceArena arena, TrainingKernels kernels, ModelConfig config, int length, int windows) {
        this.config = config;
        this.kernels = kernels;
        products = kernels.device().products();
        rotary = Rotary.of(arena, config, length);
        attention = new DeviceAttention(arena, kernels, config, length, windows);
        int tokens = windows * length;
        joined = arena.matrix(tokens, config.heads() * config.headDim());
        split = arena.matrix(tokens, config.heads() * config.headDim());
        keySplit = arena.matrix(tokens, config.kvHeads() * config.headDim());
        h = arena.matrix(tokens, config.hiddenSize());
        inner = arena.matrix(tokens, config.intermediateSize());
    }

    /**
     * {@code x [tokens, hidden]} becomes what the next layer reads; {@code tape} keeps the rest.
     *
     * @param tape of as many tokens
     */
    void forward(DeviceLayer weights, LayerTape<DeviceMatrix> tape, DeviceMatrix x) {
        double epsilon = config.rmsNormEps();
        int tokens = x.rows();
        tape.input().copyFrom(x);
        kernels.norm(x, weights.norm(LayerNorm.INPUT), tape.attentionInput(), epsilon);
        linearSplit(weights, tape, LayerLinear.QUERY, tape.query(), config.heads(), true);
        linearSplit(weights, tape, LayerLinear.KEY, tape.key(), config.kvHeads(), true);
        linearSplit(weights, tape, LayerLinear.VALUE, tape.value(), config.kvHeads(), false);
        DeviceMatrix output = split.rows(0, tokens);
        attention.forward(tape.query(), tape.key(), tape.value(), output);
        kernels.join(output, tape.attended(), rotary, config.heads(), false);
        products.linear(tape.attended(), weights.linear(LayerLinear.ATTENTION_OUTPUT), x, 1);
        tape.middle().copyFrom(x);
        kernels.norm(x, weights.norm(LayerNorm.MIDDLE), tape.mlpInput(), epsilon);
        products.linear(tape.mlpInput(), weights.linear(LayerLinear.GATE), tape.gate(), 0);
        products.linear(tape.mlpInput(), weights.linear(LayerLinear.UP), tape.up(), 0);
        kernels.swiGlu(tape.gate(), tape.up(), tape.inner());
        products.linear(tape.inner(), weights.linear(LayerLinear.DOWN), x, 1);
    }

    private void linearSplit(
            DeviceLayer weights,
            LayerTape<DeviceMatrix> tape,
            LayerLinear linear,
            DeviceMatrix to,
            int heads,
            boolean turned) {
        DeviceMatrix output = joined(to);
        products.linear(tape.attentionInput(), weights.linear(linear), output, 0);
        kernels.split(output, to, rotary, heads, turned);
    }

    /** The scratch for joined heads, in the shape of {@code like}. */
    private DeviceMatrix joined(DeviceMatrix like) {
        return new DeviceMatrix(joined.device(), joined.address(), like.rows(), like.columns());
    }

    /**
     * {@code dx [tokens, hidden]}, the gradient of what the next layer reads, becomes that of what this one read.
     *
     * @param tape as forward left it
     * @param gradients of as many tokens; receive the gradients of the linears' outputs
     */
    void backward(
            DeviceLayer weights,
            LayerTape<DeviceMatrix> tape,
            OutputGradients<DeviceMatrix> gradients,
            DeviceMatrix dx) {
        int tokens = dx.rows();
        double epsilon = config.rmsNormEps();
        DeviceMatrix dh = h.rows(0, tokens);
        DeviceMatrix dinner = inner.rows(0, tokens);
        gradients.down().copyFrom(dx);
        back(dx, weights, LayerLinear.DOWN, dinner, 0);
        kernels.swiGluBack(tape.gate(), tape.up(), dinner, gradients.gate(), gradients.up());
        back(gradients.gate(), weights, LayerLinear.GATE, dh, 0);
        back(gradients.up(), weights, LayerLinear.UP, dh, 1);
        kernels.normBack(tape.middle(), weights.norm(LayerNorm.MIDDLE), dh, dx, epsilon);

        gradients.attentionOutput().copyFrom(dx);
        DeviceMatrix attended = joined(tape.attended());
        back(dx, weights, LayerLinear.ATTENTION_OUTPUT, attended, 0);
        DeviceMatrix outputGradient = split.rows(0, tokens);
        kernels.split(attended, outputGradient, rotary, config.heads(), false);
        // Free from here on: the scratch of joined heads holds the queries' gradients, in split layout.
        DeviceMatrix dq = joined(tape.query());
        DeviceMatrix dk = keySplit.rows(0, tokens);
        DeviceMatrix dv = gradients.key();
        attention.backward(tape.query(), tape.key(), tape.value(), outputGradient, dq, dk, dv);
        kernels.join(dq, gradients.query(), rotary, config.heads(), true);
        kernels.join(dv, gradients.value(), rotary, config.kvHeads(), false);
        kernels.join(dk, gradients.key(), rotary, config.kvHeads(), true);
        back(gradients.query(), weights, LayerLinear.QUERY, dh, 0);
        back(gradients.key(), weights, LayerLinear.KEY, dh, 1);
        back(gradients.value(), weights, LayerLinear.VALUE, dh, 1);
        kernels.normBack(tape.input(), weights.norm(LayerNorm.INPUT), dh, dx, epsilon);
    }

    private void back(
            DeviceMatrix outputGradient,
            DeviceLayer weights,
            LayerLinear linear,
            DeviceMatrix inputGradient,
            float keep) {
        back(products, outputGradient, weights.linear(linear), inputGradient, keep);
    }

    /** {@code dX = dY W + keep * dX}. */
    static void back(
            DeviceProducts products,
            DeviceMatrix outputGradient,
            DeviceMatrix weight,
            DeviceMatrix inputGradient,
            float keep) {
        products.times(
                outputGradient.rows(),
                weight.columns(),
                weight.rows(),
                1,
                new Block(outputGradient, 0, 0),
                new Block(weight, 0, 0),
                keep,
                new Block(inputGradient, 0, 0));
    }
}
