package dev.fewbit.quantizer.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.StudyCancelled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Objects;

/** Parses records. */
@ApplicationScoped
class EventReader {
    private final ObjectMapper mapper;

    EventReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    QuantizationRequest request(String json) throws UnreadableEventException {
        QuantizationRequest request = parse(json, QuantizationRequest.class);
        require(request, request.jobId(), request.studyId(), request.checkpoint(), request.recipe());
        return request;
    }

    StudyCancelled cancellation(String json) throws UnreadableEventException {
        StudyCancelled cancelled = parse(json, StudyCancelled.class);
        require(cancelled, cancelled.studyId());
        return cancelled;
    }

    private <T extends Event> T parse(String json, Class<T> type) throws UnreadableEventException {
        try {
            T event = mapper.readValue(json, type);
            if (event == null) {
                throw new UnreadableEventException(type.getSimpleName() + " is null");
            }
            return event;
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException("not a " + type.getSimpleName() + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private static void require(Event event, Object... values) throws UnreadableEventException {
        if (event.schemaVersion() != Event.SCHEMA_VERSION) {
            throw new UnreadableEventException(
                    "schemaVersion is " + event.schemaVersion() + "; allowed: " + Event.SCHEMA_VERSION);
        }
        if (event.team() == null || Arrays.stream(values).anyMatch(Objects::isNull)) {
            throw new UnreadableEventException("a required value is null: " + event);
        }
    }
}
