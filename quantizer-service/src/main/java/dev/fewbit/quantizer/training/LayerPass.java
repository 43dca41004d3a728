package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * A decoder layer over one window, forward and backward, on the calling thread. The layer is that of {@link DecoderLayer}.
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023</a>
 */
final class LayerPass {
    private final ModelConfig config;
    private final DecoderLayer layer;
    private final RotaryPositions positions;
    private final AttentionGradient attention;

    /** @param length of the longest window */
    LayerPass(ModelConfig config, int length) {
        this.config = config;
        layer = new DecoderLayer(config, length);
        positions = new RotaryPositions(config, length);
        attention = new AttentionGradient(config);
    }

    /**
     * {@code x [tokens, hidden]} becomes what the next layer reads; {@code tape} keeps the rest.
     *
     * @param tape the window's rows
     */
    void forward(LayerWeights weights, LayerTape<Matrix> tape, Matrix x) {
        tape.input().data().copyFrom(x.data());
        layer.norm(x, weights.norm(LayerNorm.INPUT), tape.attentionInput());
        Products.linear(tape.attentionInput(), weights.linear(LayerLinear.QUERY), tape.query(), 0);
        Products.linear(tape.attentionInput(), weights.linear(LayerLinear.KEY), tape.key(), 0);
        Products.linear(tape.attentionInput(), weights.linear(LayerLinear.VALUE), tape.value(), 0);
        positions.rotate(tape.query(), config.heads());
        positions.rotate(tape.key(), config.kvHeads());
        attention.forward(tape.query(), tape.key(), tape.value(), tape.attended());
        Products.linear(tape.attended(), weights.linear(LayerLinear.ATTENTION_OUTPUT), x, 1);
        tape.middle().data().copyFrom(x.data());
        layer.norm(x, weights.norm(LayerNorm.MIDDLE), tape.mlpInput());
        Products.linear(tape.mlpInput(), weights.linear(LayerLinear.GATE), tape.gate(), 0);
        Products.linear(tape.mlpInput(), weights.linear(LayerLinear.UP), tape.up(), 0);
        SwiGluGradient.forward(tape.gate(), tape.up(), tape.inner());
        Products.linear(tape.inner(), weights.linear(LayerLinear.DOWN), x, 1);
    }

    /**
     * {@code dx [tokens, hidden]}, the gradient of what the next layer reads, becomes that of what this one read.
     *
     * @param tape the window's rows, as forward left them
     * @param gradients the window's rows; receive the gradients of the linears' outputs
     */
    void backward(LayerWeights weights, LayerTape<Matrix> tape, OutputGradients<Matrix> gradients, Matrix dx) {
        int tokens = dx.rows();
        try (Arena arena = Arena.ofConfined()) {
            gradients.down().data().copyFrom(dx.data());
            Matrix inner = Matrix.allocate(arena, tokens, config.intermediateSize());
            back(dx, weights.linear(LayerLinear.DOWN), inner, 0);
            SwiGluGradient.backward(tape.gate(), tape.up(), inner, gradients.gate(), gradients.up());
            Matrix h = Matrix.allocate(arena, tokens, config.hiddenSize());
            back(gradients.gate(), weights.linear(LayerLinear.GATE), h, 0);
            back(gradients.up(), weights.linear(LayerLinear.UP), h, 1);
            NormGradient.add(tape.middle(), weights.norm(LayerNorm.MIDDLE), config.rmsNormEps(), h, dx);

            gradients.attentionOutput().data().copyFrom(dx.data());
            Matrix attended = Matrix.allocate(arena, tokens, config.heads() * config.headDim());
            back(dx, weights.linear(LayerLinear.ATTENTION_OUTPUT), attended, 0);
            attention.backward(
                    tape.query(),
                    tape.key(),
                    tape.value(),
                    attended,
                    gradients.query(),
                    gradients.key(),
                    gradients.value());
            positions.rotateBack(gradients.query(), config.heads());
            positions.rotateBack(gradients.key(), config.kvHeads());
            back(gradients.query(), weights.linear(LayerLinear.QUERY), h, 0);
            back(gradients.key(), weights.linear(LayerLinear.KEY), h, 1);
            back(gradients.value(), weights.linear(LayerLinear.VALUE), h, 1);
            NormGradient.add(tape.input(), weights.norm(LayerNorm.INPUT), config.rmsNormEps(), h, dx);
        }
    }

    /** {@code dX = dY W + keep * dX}. */
    static void back(Matrix outputGradient, Matrix weight, Matrix inputGradient, float keep) {
        Products.times(
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
