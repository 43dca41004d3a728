package dev.fewbit.model.decoding;

/** A slot of the batch. */
sealed interface SlotState {
    /** Nothing runs here. */
    record Free() implements SlotState {}

    /** The first {@code done} tokens of a prompt stand here, the others come in chunks between steps of decoding. */
    record Filling(Prompt prompt, int done) implements SlotState {}

    /** A sample is being drawn here. */
    record Running(RunningSample sample) implements SlotState {}
}
