package dev.fewbit.quantizer.forward;

import dev.fewbit.model.decoder.Activation;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.NormKind;
import dev.fewbit.model.decoder.Positions;
import dev.fewbit.model.decoder.RotaryScaling;
import java.util.Optional;

/** Which decoders the forward pass of this package computes: plain Llama. */
public final class ForwardSupport {
    private ForwardSupport() {}

    /** What a decoder has that the forward pass does not, or nothing. */
    public static Optional<String> missing(DecoderSpec decoder) {
        if (!(decoder.positions() instanceof Positions.Rotary rotary)) {
            return Optional.of("learned positions");
        }
        LayerSpec first = decoder.layers().getFirst();
        if (!(rotary.scaling() instanceof RotaryScaling.None)
                || rotary.dims() != first.attention().headDim()) {
            return Optional.of("scaled or partial rotary positions");
        }
        if (decoder.embeddingMultiplier() != 1
                || decoder.head().divisor() != 1
                || decoder.head().softCap().isPresent()) {
            return Optional.of("multipliers or a soft cap of its own");
        }
        return decoder.layers().stream()
                .map(ForwardSupport::missing)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> missing(LayerSpec layer) {
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
}
