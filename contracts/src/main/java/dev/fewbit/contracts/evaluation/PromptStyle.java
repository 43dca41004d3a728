package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How a problem's prompt reaches the model. */
public enum PromptStyle {
    /** As the benchmark has it, byte for byte, behind the special tokens of the tokenizer. */
    @JsonProperty("plain")
    PLAIN,
    /** As {@link #PLAIN}, without white space at either end: what the study's harness does. */
    @JsonProperty("stripped")
    STRIPPED,
    /** As a user's message in the chat template of the checkpoint's tokenizer, which brings its own special tokens. */
    @JsonProperty("chat")
    CHAT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
