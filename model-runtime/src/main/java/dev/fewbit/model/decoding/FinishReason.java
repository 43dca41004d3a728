package dev.fewbit.model.decoding;

/** Why a completion ended. */
public enum FinishReason {
    /** The model said so, by one of its end tokens. */
    END_TOKEN,
    /** A stop string appeared. */
    STOP_STRING,
    /** As many tokens as were allowed. */
    MAX_NEW_TOKENS,
    /** Prompt and completion fill a slot. */
    MAX_LENGTH
}
