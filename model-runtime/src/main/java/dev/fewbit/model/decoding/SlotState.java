package dev.fewbit.model.decoding;

/** A slot of the batch. */
sealed interface SlotState {
    /** Nothing runs here. */
    record Free() implements SlotState {}

    /** A sample is being drawn here. */
    record Occupied(RunningSample sample) implements SlotState {}
}
