package dev.fewbit.quantizer.streams;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.List;

/** The linears of a decoder layer that share their inputs, in the graph's order, and what they read. */
public enum LayerInputs {
    ATTENTION(List.of(LayerLinear.QUERY, LayerLinear.KEY, LayerLinear.VALUE), false) {
        @Override
        public int width(ModelConfig config) {
            return config.hiddenSize();
        }

        @Override
        public void compute(DecoderLayer decoder, LayerWeights weights, Matrix x, Matrix output) {
            decoder.attentionInput(weights, x, output);
        }
    },
    ATTENDED(List.of(LayerLinear.ATTENTION_OUTPUT), true) {
        @Override
        public int width(ModelConfig config) {
            return config.heads() * config.headDim();
        }

        @Override
        public void compute(DecoderLayer decoder, LayerWeights weights, Matrix x, Matrix output) {
            try (Arena scratch = Arena.ofConfined()) {
                Matrix h = Matrix.allocate(scratch, x.rows(), x.columns());
                decoder.attentionInput(weights, x, h);
                decoder.attention(weights, h, output);
            }
        }
    },
    MLP(List.of(LayerLinear.GATE, LayerLinear.UP), false) {
        @Override
        public int width(ModelConfig config) {
            return config.hiddenSize();
        }

        @Override
        public void compute(DecoderLayer decoder, LayerWeights weights, Matrix x, Matrix output) {
            decoder.mlpInput(weights, x, output);
        }
    },
    INNER(List.of(LayerLinear.DOWN), true) {
        @Override
        public int width(ModelConfig config) {
            return config.intermediateSize();
        }

        @Override
        public void compute(DecoderLayer decoder, LayerWeights weights, Matrix x, Matrix output) {
            try (Arena scratch = Arena.ofConfined()) {
                Matrix h = Matrix.allocate(scratch, x.rows(), x.columns());
                decoder.mlpInput(weights, x, h);
                decoder.inner(weights, h, output);
            }
        }
    };

    private final List<LayerLinear> linears;
    private final boolean adds;

    LayerInputs(List<LayerLinear> linears, boolean adds) {
        this.linears = linears;
        this.adds = adds;
    }

    public List<LayerLinear> linears() {
        return linears;
    }

    /** Those of them that the layers of a decoder have. */
    public List<LayerLinear> linears(ModelConfig config) {
        return linears.stream().filter(LayerLinear.of(config)::contains).toList();
    }

    /** Whether the only linear adds its outputs to the residual stream. */
    public boolean adds() {
        return adds;
    }

    /** Whether the only linear's outputs, but for a factor, are what is added: then it can repair the residual stream. */
    public boolean repairs(ModelConfig config) {
        LayerSpec layer = config.decoder().layers().getFirst();
        return switch (this) {
            case ATTENTION, MLP -> false;
            case ATTENDED -> layer.attentionOutputNorm().isEmpty();
            case INNER -> layer.mlpOutputNorm().isEmpty();
        };
    }

    /** {@code k} of the linears. */
    public abstract int width(ModelConfig config);

    /** The largest {@code k} of linears that add to the residual stream. */
    public static int widestAdded(ModelConfig config) {
        return Math.max(ATTENDED.width(config), INNER.width(config));
    }

    /**
     * What the linears read.
     *
     * @param x {@code [tokens, hidden]}, the residual stream of one window
     * @param output {@code [tokens, width]}
     */
    public abstract void compute(DecoderLayer decoder, LayerWeights weights, Matrix x, Matrix output);
}
