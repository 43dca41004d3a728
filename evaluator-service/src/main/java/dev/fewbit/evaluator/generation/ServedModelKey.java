package dev.fewbit.evaluator.generation;

import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.evaluator.event.EventCodec;

/**
 * What a worker talks to instead of loading an artifact: all that a work unit needs to know of the server. It stands in the column of
 * {@link ModelKey}, as text {@code openai:} and JSON, and holds no secret.
 */
public record ServedModelKey(OpenAiSpec server) {
    private static final String PREFIX = "openai:";

    /** Whether {@code text} is of a served model, and no {@link ModelKey}. */
    public static boolean isOne(String text) {
        return text.startsWith(PREFIX);
    }

    /** Reads what {@link #text} wrote. */
    public static ServedModelKey parse(String text, EventCodec codec) {
        return new ServedModelKey(codec.read(text.substring(PREFIX.length()), OpenAiSpec.class));
    }

    public String text(EventCodec codec) {
        return PREFIX + codec.write(server);
    }
}
