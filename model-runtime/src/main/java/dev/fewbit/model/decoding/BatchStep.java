package dev.fewbit.model.decoding;

/** What a batch does next. */
sealed interface BatchStep {
    /** Put tokens {@code from} to {@code to} of a prompt into a slot; with the last of them a sample starts there. */
    record Prefill(int slot, Prompt prompt, int from, int to) implements BatchStep {
        boolean isLast() {
            return to == prompt.tokens().length;
        }
    }

    /** Copy the prompt's part of a slot that runs a sample of the same problem, and start another sample there. */
    record Fork(int from, int to, Prompt prompt) implements BatchStep {}

    /** Move a running sample down, so that running slots have no hole. */
    record Relocate(int from, int to, int length) implements BatchStep {}

    /** One token more for each of the first {@code rows} slots. */
    record Decode(int rows) implements BatchStep {}

    /** All samples are drawn. */
    record Done() implements BatchStep {}
}
