package dev.fewbit.contracts.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.evaluation.SampleView;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.SampleLine;
import dev.fewbit.contracts.study.StudyPlan;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyView;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** JSON Schemas (draft 2020-12) of the records that leave a process, generated from the records themselves. */
final class RecordSchemas {
    private static final List<Class<?>> API = List.of(
            ArtifactManifest.class,
            EvaluationSummary.class,
            LanguageView.class,
            Recipe.class,
            SampleLine.class,
            SampleView.class,
            StudyPlan.class,
            StudyReport.class,
            StudySpec.class,
            StudyView.class);

    /** How every service writes and reads its records: times and durations as ISO-8601 text. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final DefaultPrettyPrinter PRINTER = new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private final SchemaGenerator generator = generator();

    /** Events first, then what files and the API hold. */
    static List<Class<?>> records() {
        return Stream.concat(Arrays.stream(Event.class.getPermittedSubclasses()), API.stream())
                .toList();
    }

    /** Such as {@code quantization-request}. */
    static String nameOf(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    String generate(Class<?> type) throws JsonProcessingException {
        ObjectNode schema = generator.generateSchema(type);
        if (Event.class.isAssignableFrom(type)) {
            ((ObjectNode) schema.at("/properties/schemaVersion")).put("const", Event.SCHEMA_VERSION);
        }
        ObjectNode titled = JSON.createObjectNode();
        titled.set("$schema", schema.get("$schema"));
        titled.put("$id", "urn:fewbit:schema:" + nameOf(type));
        titled.put("title", type.getSimpleName());
        titled.setAll(schema);
        return JSON.writer(PRINTER).writeValueAsString(titled) + "\n";
    }

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        JSON, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(
                        JacksonOption.RESPECT_JSONPROPERTY_REQUIRED, JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY))
                .with(
                        Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                        // without it a Map allows no key at all
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        builder.forTypesInGeneral()
                .withPropertySorter((first, second) -> 0) // as declared
                .withCustomDefinitionProvider(RecordSchemas::text)
                .withTypeAttributeOverride(RecordSchemas::nameKeys);
        builder.forFields().withNullableCheck(RecordSchemas::optional);
        return new SchemaGenerator(builder.build());
    }

    /** A component that is not required may be missing or null. */
    private static boolean optional(FieldScope field) {
        JsonProperty property = field.getAnnotationConsideringFieldAndGetter(JsonProperty.class);
        return property != null && !property.required();
    }

    /** Types that Jackson writes as formatted text. */
    private static CustomDefinition text(ResolvedType type, SchemaGenerationContext context) {
        Map<Class<?>, String> formats =
                Map.of(UUID.class, "uuid", Instant.class, "date-time", Duration.class, "duration");
        String format = formats.get(type.getErasedType());
        return format == null
                ? null
                : new CustomDefinition(
                        JSON.createObjectNode().put("type", "string").put("format", format), true);
    }

    /** A map by enum allows the enum's names only. */
    private static void nameKeys(ObjectNode node, TypeScope scope, SchemaGenerationContext context) {
        ResolvedType key = scope.getTypeParameterFor(Map.class, 0);
        if (key != null && key.isInstanceOf(Enum.class)) {
            ArrayNode names = node.putObject("propertyNames").putArray("enum");
            for (Object constant : key.getErasedType().getEnumConstants()) {
                names.add(JSON.convertValue(constant, String.class));
            }
        }
    }
}
