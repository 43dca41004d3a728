package dev.fewbit.model.architecture;

/** The weight of a linear, {@code [n, k]}: n outputs, k inputs, as a checkpoint keeps it. */
public sealed interface LinearWeight permits DenseWeight, BlockQuantizedWeight {
    /** Outputs. */
    int n();

    /** Inputs. */
    int k();
}
