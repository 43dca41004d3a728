package dev.fewbit.gateway.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.StudySpec;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

/** A record of {@code contracts} kept as JSON text. Keys that a newer build wrote are ignored. */
abstract class JsonColumn<T> implements AttributeConverter<T, String> {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Class<T> type;

    JsonColumn(Class<T> type) {
        this.type = type;
    }

    @Override
    public final String convertToDatabaseColumn(T value) {
        try {
            return value == null ? null : MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(type.getSimpleName() + " cannot be written as JSON", e);
        }
    }

    @Override
    public final T convertToEntityAttribute(String text) {
        try {
            return text == null ? null : MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a row's " + type.getSimpleName() + " cannot be read", e);
        }
    }

    @Converter
    static final class OfStudySpec extends JsonColumn<StudySpec> {
        OfStudySpec() {
            super(StudySpec.class);
        }
    }

    @Converter
    static final class OfRecipe extends JsonColumn<Recipe> {
        OfRecipe() {
            super(Recipe.class);
        }
    }

    @Converter
    static final class OfGenerator extends JsonColumn<GeneratorSpec> {
        OfGenerator() {
            super(GeneratorSpec.class);
        }
    }

    @Converter
    static final class OfBenchmark extends JsonColumn<BenchmarkSpec> {
        OfBenchmark() {
            super(BenchmarkSpec.class);
        }
    }

    @Converter
    static final class OfSizes extends JsonColumn<ArtifactSizes> {
        OfSizes() {
            super(ArtifactSizes.class);
        }
    }

    @Converter
    static final class OfProvenance extends JsonColumn<ArtifactProvenance> {
        OfProvenance() {
            super(ArtifactProvenance.class);
        }
    }

    @Converter
    static final class OfSummary extends JsonColumn<EvaluationSummary> {
        OfSummary() {
            super(EvaluationSummary.class);
        }
    }
}
