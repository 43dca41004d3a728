package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;

/**
 * Nobody wants this study any more: what runs for it stops, what waits is dropped, what is done stays.
 *
 * @param studyId that was cancelled
 */
public record StudyCancelled(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,
        @JsonProperty(value = "studyId", required = true) UUID studyId)
        implements Event {}
