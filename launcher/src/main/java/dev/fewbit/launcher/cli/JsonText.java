package dev.fewbit.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Records as JSON for programs to read. */
final class JsonText {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonText() {}

    /** Indented, with a line end. */
    static String of(Object records) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(records) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of the house are plain JSON", e);
        }
    }
}
