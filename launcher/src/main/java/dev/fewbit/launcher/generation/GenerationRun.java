package dev.fewbit.launcher.generation;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * What a sample file holds and how it was made; written beside it.
 *
 * @param samples in the file
 * @param problems they are of
 * @param samplesPerProblem n
 * @param tokens of all samples
 * @param seconds of the run that finished the file; 0 where everything was there
 * @param tokensPerSecond of that run, {@code null} where it generated nothing
 * @param identity all that decides the samples, by name
 * @param made circumstances: versions, host, time
 */
@JsonPropertyOrder({
    "samples",
    "problems",
    "samplesPerProblem",
    "tokens",
    "seconds",
    "tokensPerSecond",
    "identity",
    "made"
})
public record GenerationRun(
        int samples,
        int problems,
        int samplesPerProblem,
        long tokens,
        double seconds,
        Double tokensPerSecond,
        Map<String, String> identity,
        Map<String, String> made) {}
