package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.Tensor;

/** Where a graph's weights come from. Each is asked for once, in the graph's order, and may be dropped once written. */
public interface WeightSource {
    /** The weight of a linear, by its name in the checkpoint ({@code model.layers.0.self_attn.q_proj.weight}). */
    LinearWeight linear(String name);

    /** The embedding {@code [vocabulary, hidden]}, which a tied head shares. */
    default LinearWeight embedding(String name) {
        return new DenseWeight(tensor(name));
    }

    /** Any other tensor: norms, and an embedding that is not quantized. */
    Tensor tensor(String name);

    /** All that was asked for before has been written: its memory may be used again. */
    default void written() {}
}
