package dev.fewbit.contracts;

import java.util.List;

/** Kafka topics of the suite. Every record in them is JSON of a record in {@code dev.fewbit.contracts.event}. */
public final class Topics {
    public static final String QUANTIZATION_REQUESTS = "quantization.requests";
    public static final String QUANTIZATION_RESULTS = "quantization.results";
    public static final String EVALUATION_REQUESTS = "evaluation.requests";
    public static final String EVALUATION_RESULTS = "evaluation.results";
    public static final String EXECUTION_REQUESTS = "execution.requests";
    public static final String EXECUTION_RESULTS = "execution.results";
    /** Study cancellations, read by every service that does long work. */
    public static final String CANCELLATIONS = "study.cancellations";

    public static final String PROGRESS = "progress";

    /** Appended to a topic's name: where a record goes that cannot be parsed. */
    public static final String DEAD_LETTER_SUFFIX = ".dead-letter";

    private static final List<String> ALL = List.of(
            QUANTIZATION_REQUESTS,
            QUANTIZATION_RESULTS,
            EVALUATION_REQUESTS,
            EVALUATION_RESULTS,
            EXECUTION_REQUESTS,
            EXECUTION_RESULTS,
            CANCELLATIONS,
            PROGRESS);

    private Topics() {}

    /** All topics that carry events, without their dead-letter topics. */
    public static List<String> all() {
        return ALL;
    }

    /** The dead-letter topic of {@code topic}. */
    public static String deadLetter(String topic) {
        return topic + DEAD_LETTER_SUFFIX;
    }
}
