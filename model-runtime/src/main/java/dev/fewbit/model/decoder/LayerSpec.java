package dev.fewbit.model.decoder;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A layer over the residual stream {@code x}:
 *
 * <pre>
 * x += residualMultiplier * attentionOutputNorm(attention(attentionNorm(x)))
 * x += residualMultiplier * mlpOutputNorm(mlp(mlpNorm(x)))
 * </pre>
 *
 * @param attentionNorm in front of attention
 * @param attentionOutputNorm behind attention, where there is one
 * @param mlpNorm in front of the MLP
 * @param mlpOutputNorm behind the MLP, where there is one
 * @param residualMultiplier 1 but in Granite
 */
public record LayerSpec(
        NormSpec attentionNorm,
        AttentionSpec attention,
        Optional<NormSpec> attentionOutputNorm,
        NormSpec mlpNorm,
        MlpSpec mlp,
        Optional<NormSpec> mlpOutputNorm,
        double residualMultiplier) {
    /** In the graph's order. */
    public List<LinearSpec> linears() {
        return Stream.of(
                        attention.inputs().stream(),
                        Stream.of(attention.output()),
                        mlp.inputs().stream(),
                        Stream.of(mlp.down()))
                .flatMap(s -> s)
                .toList();
    }

    /** In the graph's order. */
    public List<NormSpec> norms() {
        return Stream.of(
                        Stream.of(attentionNorm),
                        attention.queryNorm().stream(),
                        attention.keyNorm().stream(),
                        attentionOutputNorm.stream(),
                        Stream.of(mlpNorm),
                        mlpOutputNorm.stream())
                .flatMap(s -> s)
                .toList();
    }
}
