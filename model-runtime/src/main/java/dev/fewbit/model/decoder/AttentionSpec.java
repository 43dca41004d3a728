package dev.fewbit.model.decoder;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Causal attention of grouped queries: scores {@code s = scale q k'}, {@code cap tanh(s / cap)} where they are capped, softmax, times
 * {@code v}, through {@code output}.
 *
 * @param query {@code [heads * headDim, hidden]}
 * @param key {@code [kvHeads * headDim, hidden]}
 * @param value {@code [kvHeads * headDim, hidden]}
 * @param output {@code [hidden, heads * headDim]}
 * @param heads of the queries
 * @param kvHeads of keys and values; divides {@code heads}
 * @param headDim width of a head
 * @param scale of the scores
 * @param window how many positions a query sees, its own among them; empty: all up to its own
 * @param softCap of the scores
 * @param queryNorm over each head's queries, before positions
 * @param keyNorm over each head's keys, before positions
 */
public record AttentionSpec(
        LinearSpec query,
        LinearSpec key,
        LinearSpec value,
        LinearSpec output,
        int heads,
        int kvHeads,
        int headDim,
        double scale,
        OptionalInt window,
        OptionalDouble softCap,
        Optional<NormSpec> queryNorm,
        Optional<NormSpec> keyNorm) {
    /** The linears that read attention's input, in the graph's order. */
    public List<LinearSpec> inputs() {
        return List.of(query, key, value);
    }
}
