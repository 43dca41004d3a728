package dev.fewbit.model.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Puts a description together from the keys that all architectures share and what is an architecture's own. Untouched, it describes
 * Llama: RMS norms without an offset, linears without biases, rotary positions, a gated MLP, no windows, caps or multipliers.
 */
final class DecoderBuilder {
    /** GroupQueryAttention takes heads of such widths only. */
    private static final int HEAD_DIM_STEP = 16;

    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private final String architecture;
    private final ConfigValues config;
    private NormKind normKind = NormKind.RMS;
    private double normOffset;
    private boolean inputBias;
    private boolean outputBias;
    private boolean mlpBias;
    private boolean gated = true;
    private boolean headNorms;
    private boolean outputNorms;
    private boolean partialRotary;
    private boolean tied;
    private String learnedPositions;
    private IntPredicate windowed = layer -> false;
    private double scale;
    private double embeddingMultiplier = 1;
    private double residualMultiplier = 1;
    private double logitDivisor = 1;
    private OptionalDouble attentionCap = OptionalDouble.empty();
    private OptionalDouble logitCap = OptionalDouble.empty();
    private Activation activation;

    DecoderBuilder(Architecture architecture, ConfigValues config) {
        this.architecture = architecture.name();
        this.config = config;
    }

    /** Layer norms with a bias. */
    DecoderBuilder layerNorms() {
        normKind = NormKind.LAYER;
        return this;
    }

    /** What is added to the stored gains of norms. */
    DecoderBuilder normOffset(double offset) {
        normOffset = offset;
        return this;
    }

    /** Biases of attention's linears: those that read, and the last one. */
    DecoderBuilder attentionBias(boolean inputs, boolean output) {
        inputBias = inputs;
        outputBias = output;
        return this;
    }

    DecoderBuilder mlpBias(boolean biased) {
        mlpBias = biased;
        return this;
    }

    /** Two linears in the MLP, not three. */
    DecoderBuilder ungated() {
        gated = false;
        return this;
    }

    /** The activation, where it is not what the configuration says. */
    DecoderBuilder activation(Activation own) {
        activation = own;
        return this;
    }

    /** Norms over each head's queries and keys. */
    DecoderBuilder headNorms() {
        headNorms = true;
        return this;
    }

    /** Norms behind attention and behind the MLP too. */
    DecoderBuilder outputNorms() {
        outputNorms = true;
        return this;
    }

    /** Whether head and embedding are one where the configuration does not say so. */
    DecoderBuilder tied() {
        tied = true;
        return this;
    }

    /** Rotary positions may turn a part of a head. */
    DecoderBuilder partialRotary() {
        partialRotary = true;
        return this;
    }

    /** Learned positions in the place of rotary ones. */
    DecoderBuilder learnedPositions(String weight) {
        learnedPositions = weight;
        return this;
    }

    /** The layers with {@code sliding_window}, unless {@code layer_types} names them. */
    DecoderBuilder windowed(IntPredicate layers) {
        windowed = layers;
        return this;
    }

    /** Of attention's scores, in the place of {@code 1 / sqrt(headDim)}. */
    DecoderBuilder scale(double own) {
        scale = own;
        return this;
    }

    DecoderBuilder multipliers(double embedding, double residual, double divisor) {
        embeddingMultiplier = embedding;
        residualMultiplier = residual;
        logitDivisor = divisor;
        return this;
    }

    DecoderBuilder softCaps(OptionalDouble attention, OptionalDouble logits) {
        attentionCap = attention;
        logitCap = logits;
        return this;
    }

    DecoderSpec build() {
        int hidden = config.size("hidden_size");
        int layers = config.size("num_hidden_layers");
        int maxPositions = config.size("max_position_embeddings");
        int headDim = headDim(hidden);
        Positions positions = learnedPositions == null
                ? new RotaryReader(config, maxPositions).read(headDim, partialRotary)
                : new Positions.Learned(learnedPositions, maxPositions);
        if (positions instanceof Positions.Rotary rotary
                && rotary.scaling() instanceof RotaryScaling.LongRope longRope) {
            maxPositions = longRope.original();
        }
        if (activation == null) {
            activation = Activation.of(config.text("hidden_act", "silu"))
                    .orElseThrow(() -> config.invalid("hidden_act", ConfigValues.quoted(Activation.allNames())));
        }
        IntPredicate sliding = sliding(layers);
        OptionalInt window = config.optionalSize("sliding_window");
        int longest = maxPositions;
        List<LayerSpec> specs = IntStream.range(0, layers)
                .mapToObj(layer -> layer(
                        "model.layers." + layer + ".",
                        hidden,
                        headDim,
                        sliding.test(layer) && window.orElse(longest) < longest ? window : OptionalInt.empty()))
                .toList();
        return new DecoderSpec(
                architecture,
                config.size("vocab_size"),
                hidden,
                maxPositions,
                embeddingMultiplier,
                positions,
                specs,
                norm("model.norm", hidden),
                new HeadSpec(config.flag("tie_word_embeddings", tied), logitDivisor, logitCap));
    }

    private LayerSpec layer(String prefix, int hidden, int headDim, OptionalInt window) {
        int inner = config.size("intermediate_size");
        AttentionSpec attention = attention(prefix + "self_attn.", hidden, headDim, window);
        MlpSpec mlp = new MlpSpec(
                activation,
                gated ? Optional.of(linear(prefix + "mlp.gate_proj", mlpBias, inner, hidden)) : Optional.empty(),
                linear(prefix + "mlp.up_proj", mlpBias, inner, hidden),
                linear(prefix + "mlp.down_proj", mlpBias, hidden, inner));
        NormSpec input = norm(prefix + "input_layernorm", hidden);
        NormSpec middle = norm(prefix + "post_attention_layernorm", hidden);
        return outputNorms
                ? new LayerSpec(
                        input,
                        attention,
                        Optional.of(middle),
                        norm(prefix + "pre_feedforward_layernorm", hidden),
                        mlp,
                        Optional.of(norm(prefix + "post_feedforward_layernorm", hidden)),
                        residualMultiplier)
                : new LayerSpec(input, attention, Optional.empty(), middle, mlp, Optional.empty(), residualMultiplier);
    }

    private AttentionSpec attention(String prefix, int hidden, int headDim, OptionalInt window) {
        int heads = heads();
        int kvHeads = config.size("num_key_value_heads", heads);
        if (heads % kvHeads != 0) {
            throw config.invalid("num_key_value_heads", kvHeads, "a divisor of num_attention_heads, " + heads);
        }
        return new AttentionSpec(
                linear(prefix + "q_proj", inputBias, heads * headDim, hidden),
                linear(prefix + "k_proj", inputBias, kvHeads * headDim, hidden),
                linear(prefix + "v_proj", inputBias, kvHeads * headDim, hidden),
                linear(prefix + "o_proj", outputBias, hidden, heads * headDim),
                heads,
                kvHeads,
                headDim,
                scale == 0 ? 1 / Math.sqrt(headDim) : scale,
                window,
                attentionCap,
                headNorms ? Optional.of(norm(prefix + "q_norm", headDim)) : Optional.empty(),
                headNorms ? Optional.of(norm(prefix + "k_norm", headDim)) : Optional.empty());
    }

    private int heads() {
        return config.size("num_attention_heads");
    }

    private int headDim(int hidden) {
        if (!config.has("head_dim") && hidden % heads() != 0) {
            throw config.invalid("num_attention_heads", "a divisor of hidden_size, " + hidden);
        }
        int headDim = config.size("head_dim", hidden / heads());
        if (headDim % HEAD_DIM_STEP != 0) {
            throw config.invalid("head_dim", headDim, "a multiple of " + HEAD_DIM_STEP);
        }
        return headDim;
    }

    /** The layers that see a window. */
    private IntPredicate sliding(int layers) {
        List<String> types = config.texts("layer_types", List.of(SLIDING, FULL));
        if (types.isEmpty()) {
            return windowed;
        }
        if (types.size() != layers) {
            throw config.invalid("layer_types", "one for each of " + layers + " layers");
        }
        List<String> named = new ArrayList<>(types);
        return layer -> named.get(layer).equals(SLIDING);
    }

    private NormSpec norm(String part, int width) {
        return new NormSpec(
                normKind,
                part + ".weight",
                normKind == NormKind.LAYER ? Optional.of(part + ".bias") : Optional.empty(),
                width,
                config.positive("rms_norm_eps", 1e-6),
                normOffset);
    }

    private static LinearSpec linear(String part, boolean biased, int n, int k) {
        return new LinearSpec(part + ".weight", biased ? Optional.of(part + ".bias") : Optional.empty(), n, k);
    }
}
