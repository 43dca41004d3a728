package dev.fewbit.quantizer.forward;

import dev.fewbit.model.decoder.Activation;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.NormKind;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.model.decoder.Positions;
import java.util.Optional;

/** Which decoders are computed by what: all but a few by the forward pass of this package and by GPUs, plain Llama by training. */
public final class ForwardSupport {
    private ForwardSupport() {}

    /** What a decoder has that the forward pass does not, on the processor or a GPU, or nothing. */
    public static Optional<String> missing(DecoderSpec decoder) {
        return decoder.layers().stream().anyMatch(layer -> layer.mlp().activation() == Activation.GELU)
                ? Optional.of("GELU by the error function")
                : Optional.empty();
    }

    /**
     * What a decoder has that plain Llama does not, or nothing: training, and the pass behind {@code steps.weights}, compute that one only. Rotary
     * scaling that shows in frequencies alone is plain.
     */
    public static Optional<String> beyondLlama(DecoderSpec decoder) {
        if (!(decoder.positions() instanceof Positions.Rotary rotary)) {
            return Optional.of("learned positions");
        }
        LayerSpec first = decoder.layers().getFirst();
        if (rotary.magnitude() != 1 || rotary.dims() != first.attention().headDim()) {
            return Optional.of("magnified or partial rotary positions");
        }
        if (decoder.embeddingMultiplier() != 1
                || decoder.head().divisor() != 1
                || decoder.head().softCap().isPresent()) {
            return Optional.of("multipliers or a soft cap of its own");
        }
        return decoder.layers().stream()
                .map(ForwardSupport::beyondLlama)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> beyondLlama(LayerSpec layer) {
        if (layer.linears().stream().anyMatch(linear -> linear.bias().isPresent())) {
            return Optional.of("linears with biases");
        }
        if (layer.norms().size() != LayerNorm.values().length
                || layer.norms().stream().anyMatch(norm -> norm.kind() != NormKind.RMS || norm.offset() != 0)) {
            return Optional.of("other norms than two of root mean squares a layer");
        }
        if (layer.mlp().gate().isEmpty() || layer.mlp().activation() != Activation.SILU) {
            return Optional.of("an MLP that is not gated by SiLU");
        }
        AttentionSpec attention = layer.attention();
        boolean plain = attention.window().isEmpty()
                && attention.softCap().isEmpty()
                && attention.scale() == 1 / Math.sqrt(attention.headDim())
                && layer.residualMultiplier() == 1;
        return plain ? Optional.empty() : Optional.of("a window, soft cap or scale in attention");
    }

    /** What keeps awq from folding factors into the norms in front of linears, or nothing. */
    public static Optional<String> notFoldable(DecoderSpec decoder) {
        LayerSpec layer = decoder.layers().getFirst();
        if (layer.mlp().gate().isEmpty()) {
            return Optional.of("an MLP without a gate");
        }
        for (LayerNorm norm : LayerNorm.values()) {
            NormSpec spec = norm.in(layer);
            if (spec.bias().isPresent()) {
                return Optional.of("norms with biases");
            }
            if (spec.offset() != 0) {
                return Optional.of("norms that add 1 to their gains");
            }
        }
        return Optional.empty();
    }
}
