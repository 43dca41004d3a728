package dev.fewbit.launcher.generation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A line of a sample file.
 *
 * @param benchmark its name
 * @param language of the program
 * @param problem of the benchmark
 * @param index of the sample, 0 to n - 1
 * @param completion as the model wrote it, before it is cut
 * @param program that is executed: prompt and completion, cut
 * @param tokens generated
 * @param finish why it ended: {@code stop}, {@code end-of-text}, {@code max-new-tokens} or {@code max-length}
 */
public record GeneratedSample(
        @JsonProperty(value = "benchmark", required = true) String benchmark,
        @JsonProperty(value = "language", required = true) String language,
        @JsonProperty(value = "problem", required = true) String problem,
        @JsonProperty(value = "index", required = true) int index,
        @JsonProperty(value = "completion", required = true) String completion,
        @JsonProperty(value = "program", required = true) String program,
        @JsonProperty(value = "tokens", required = true) int tokens,
        @JsonProperty(value = "finish", required = true) String finish) {

    /** What tells samples of one file apart. */
    SampleKey key() {
        return new SampleKey(problem, index);
    }

    /** A problem's sample. */
    record SampleKey(String problem, int index) {}
}
