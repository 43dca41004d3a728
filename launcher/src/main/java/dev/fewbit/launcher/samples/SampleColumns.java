package dev.fewbit.launcher.samples;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** What a sample's line may say, as columns: text or 32-bit integers, each absent or null where a line does not say it. */
final class SampleColumns {
    private static final List<String> TEXTS = List.of(
            "model",
            "language",
            "method",
            "calibration",
            "benchmark",
            "problem",
            "program",
            "completion",
            "finish",
            "verdict");
    private static final List<String> INTEGERS = List.of("bits", "index", "tokens");

    /** The schema: all columns, optional, so that files of every origin can be read together. */
    static final MessageType SCHEMA = schema();

    private SampleColumns() {}

    /**
     * A line's values by column.
     *
     * @throws InvalidSampleException when a key is unknown or a value is of another kind
     */
    static Map<String, Object> values(JsonNode line) throws InvalidSampleException {
        if (!line.isObject()) {
            throw new InvalidSampleException("expected a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : line.properties()) {
            if (!TEXTS.contains(field.getKey()) && !INTEGERS.contains(field.getKey())) {
                throw new InvalidSampleException("key '" + field.getKey() + "' is not known; known are "
                        + String.join(", ", TEXTS) + ", " + String.join(", ", INTEGERS));
            }
        }
        if (!line.hasNonNull("problem")) {
            throw new InvalidSampleException("key 'problem' is missing");
        }
        return line.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        field -> value(field.getKey(), field.getValue())
                                .orElseThrow(() -> new InvalidSampleException("key '" + field.getKey() + "' is "
                                        + field.getValue() + "; expected "
                                        + (TEXTS.contains(field.getKey()) ? "a text" : "an integer")))));
    }

    private static Optional<Object> value(String column, JsonNode value) {
        if (TEXTS.contains(column)) {
            return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
        }
        return value.isInt() ? Optional.of(value.intValue()) : Optional.empty();
    }

    private static MessageType schema() {
        Types.MessageTypeBuilder builder = Types.buildMessage();
        for (String column : TEXTS) {
            builder.optional(BINARY).as(stringType()).named(column);
        }
        for (String column : INTEGERS) {
            builder.optional(INT32).named(column);
        }
        return builder.named("sample");
    }
}
