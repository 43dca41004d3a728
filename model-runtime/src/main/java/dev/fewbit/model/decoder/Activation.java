package dev.fewbit.model.decoder;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What stands between the linears of an MLP. */
public enum Activation {
    /** {@code x / (1 + e^-x)}. */
    SILU("silu", "swish"),
    /** {@code x Phi(x)}. */
    GELU("gelu"),
    /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}. */
    GELU_TANH("gelu_pytorch_tanh", "gelu_new");

    private final List<String> names;

    Activation(String... names) {
        this.names = List.of(names);
    }

    /** The activation that a configuration names. */
    static Optional<Activation> of(String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.names.contains(name))
                .findFirst();
    }

    /** All names that a configuration may use. */
    static List<String> allNames() {
        return Arrays.stream(values()).flatMap(a -> a.names.stream()).toList();
    }
}
