package dev.fewbit.contracts.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.fewbit.contracts.event.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dfewbit.schemas.write=true} rewrites the committed schemas; a changed record without a changed schema fails. */
class SchemaTest {
    private static final Path COMMITTED =
            Path.of(System.getProperty("fewbit.root", ".."), "contracts/src/main/resources/schemas");

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    static List<Class<?>> records() {
        return RecordSchemas.records();
    }

    static List<Record> examples() {
        return Examples.all();
    }

    static Stream<Class<?>> events() {
        return Stream.of(Event.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldEqualCommittedSchemaWhenGenerated(Class<?> type) throws IOException {
        // Given
        Path committed = COMMITTED.resolve(RecordSchemas.nameOf(type) + ".json");
        // When
        String generated = new RecordSchemas().generate(type);
        if (Boolean.getBoolean("fewbit.schemas.write")) {
            Files.createDirectories(COMMITTED);
            Files.writeString(committed, generated);
        }
        // Then
        assertThat(committed).hasContent(generated);
    }

    @Test
    void shouldHoldNoOtherSchemaWhenFolderIsListed() throws IOException {
        // Given
        List<String> expected = RecordSchemas.records().stream()
                .map(type -> RecordSchemas.nameOf(type) + ".json")
                .toList();
        // When
        try (Stream<Path> files = Files.list(COMMITTED)) {
            // Then
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void shouldHaveExampleWhenRecordHasSchema() {
        assertThat(Examples.all().stream().map(Object::getClass).distinct().toList())
                .containsExactlyInAnyOrderElementsOf(RecordSchemas.records());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldValidateAndReadBackEqualWhenWritten(Record example) throws IOException {
        // Given
        String json = RecordSchemas.JSON.writeValueAsString(example);
        // When // Then
        assertThat(errors(example.getClass(), json)).isEmpty();
        assertThat(RecordSchemas.JSON.readValue(json, example.getClass())).isEqualTo(example);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldFailValidationWhenKeyIsUnknown(Record example) throws IOException {
        // Given
        ObjectNode json = RecordSchemas.JSON.valueToTree(example);
        // When
        json.put("typo", 1);
        // Then
        assertThat(errors(example.getClass(), json.toString()))
                .singleElement()
                .asString()
                .contains("typo");
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldRequireVersionIdAndTeamWhenRecordIsEvent(Class<?> type) throws IOException {
        // When
        JsonNode schema = RecordSchemas.JSON.readTree(schemaText(type));
        // Then
        assertThat(RecordSchemas.JSON.convertValue(schema.get("required"), String[].class))
                .contains("schemaVersion", "eventId", "team");
        assertThat(schema.at("/properties/schemaVersion/const").intValue()).isEqualTo(1);
        assertThat(schema.at("/properties/eventId/format").textValue()).isEqualTo("uuid");
        assertThat(schema.at("/properties/team/type").textValue()).isEqualTo("string");
    }

    @Test
    void shouldFailValidationWhenValueHasWrongForm() throws IOException {
        // Given
        Map<String, String> wrong = Map.of(
                "/schemaVersion", "2",
                "/eventId", "\"first\"",
                "/language", "\"cobol\"",
                "/limits/cpuTime", "\"3 seconds\"",
                "/limits/processes", "1.5",
                "/team", "null");
        Record example = Examples.all().stream()
                .filter(record -> RecordSchemas.nameOf(record.getClass()).equals("execution-request"))
                .findFirst()
                .orElseThrow();
        for (Map.Entry<String, String> change : wrong.entrySet()) {
            ObjectNode json = RecordSchemas.JSON.valueToTree(example);
            int slash = change.getKey().lastIndexOf('/');
            ObjectNode parent = (ObjectNode) json.at(change.getKey().substring(0, slash));
            // When
            parent.set(change.getKey().substring(slash + 1), RecordSchemas.JSON.readTree(change.getValue()));
            // Then
            assertThat(errors(example.getClass(), json.toString()))
                    .as(change.getKey())
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error).startsWith(change.getKey()));
        }
    }

    private static List<String> errors(Class<?> type, String json) throws IOException {
        Schema schema = REGISTRY.getSchema(schemaText(type), InputFormat.JSON);
        return schema.validate(json, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** As other programs find it: on the class path of the jar. */
    private static String schemaText(Class<?> type) throws IOException {
        String resource = "/schemas/" + RecordSchemas.nameOf(type) + ".json";
        try (InputStream in = Objects.requireNonNull(Event.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
