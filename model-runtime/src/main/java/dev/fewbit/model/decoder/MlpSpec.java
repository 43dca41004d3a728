package dev.fewbit.model.decoder;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The MLP of a layer: {@code down(activation(gate(h)) * up(h))} where it is gated, else {@code down(activation(up(h)))}.
 *
 * @param activation between the linears
 * @param gate present where it is gated
 * @param up widens
 * @param down narrows
 */
public record MlpSpec(Activation activation, Optional<LinearSpec> gate, LinearSpec up, LinearSpec down) {
    /** The linears that read the MLP's input, in the graph's order. */
    public List<LinearSpec> inputs() {
        return Stream.concat(gate.stream(), Stream.of(up)).toList();
    }
}
