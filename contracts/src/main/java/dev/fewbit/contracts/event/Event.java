package dev.fewbit.contracts.event;

import java.util.UUID;

/** A record of a topic. Delivery is at least once: consumers drop a repeated {@link #eventId()} or are idempotent. */
public sealed interface Event
        permits QuantizationRequest,
                QuantizationResult,
                EvaluationRequest,
                EvaluationResult,
                ExecutionRequest,
                ExecutionResult,
                StudyCancelled,
                ProgressReport {

    /** The schema version that this build writes. */
    int SCHEMA_VERSION = 1;

    int schemaVersion();

    UUID eventId();

    /** Whose work it is. */
    String team();
}
