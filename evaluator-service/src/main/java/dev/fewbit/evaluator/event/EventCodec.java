package dev.fewbit.evaluator.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fewbit.contracts.event.Event;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events and other records of {@code contracts} as JSON: durations and instants in ISO 8601, unknown fields passed over. */
@ApplicationScoped
public class EventCodec {
    private final JsonMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** @throws UnreadableEventException when {@code json} is no such event, or of a schema version this build does not know */
    public <T extends Record & Event> T readEvent(String json, Class<T> type) throws UnreadableEventException {
        T event;
        try {
            event = mapper.readValue(json, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UnreadableEventException(
                    "not a " + type.getSimpleName() + ": "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
        if (event == null || event.schemaVersion() != Event.SCHEMA_VERSION) {
            throw new UnreadableEventException(
                    "schemaVersion of " + type.getSimpleName() + " is "
                            + (event == null ? "missing" : event.schemaVersion()) + "; allowed: "
                            + Event.SCHEMA_VERSION,
                    null);
        }
        requireValues(event, type);
        return event;
    }

    /** The mapper refuses a required value that is missing, but takes one that is null. */
    private static void requireValues(Event event, Class<?> type) throws UnreadableEventException {
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
            if (property != null && property.required() && value(component, event) == null) {
                throw new UnreadableEventException(
                        component.getName() + " of " + type.getSimpleName() + " is null; a value is required", null);
            }
        }
    }

    private static Object value(RecordComponent component, Event event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the components of a public record can be read", e);
        }
    }

    /** Reads what this service wrote itself. */
    public <T> T read(String json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored " + type.getSimpleName() + " cannot be read back", e);
        }
    }

    /** Reads a flat object of texts that this service wrote itself, in its order. */
    public Map<String, String> readTexts(String json) {
        try {
            return mapper.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored object of texts cannot be read back", e);
        }
    }

    public String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a " + value.getClass().getSimpleName() + " cannot be written", e);
        }
    }
}
