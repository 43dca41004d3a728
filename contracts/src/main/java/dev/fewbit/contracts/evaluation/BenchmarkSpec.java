package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.PlainText;
import dev.fewbit.contracts.execution.ProgramLanguage;

/**
 * A benchmark in one language, or a choice of its problems.
 *
 * @param name how reports call it
 * @param language the language of its programs
 * @param file JSONL of MultiPL-E's records; a relative path starts at the installation's root
 * @param choose which problems; {@code null} means all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BenchmarkSpec(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "file", required = true) String file,
        @JsonProperty("choose") ProblemChoice choose) {
    public BenchmarkSpec {
        PlainText.require("name", name, "a name for the benchmark");
        if (language == null) {
            throw new InvalidSpecException("language", null, "python or java");
        }
        PlainText.require("file", file, "the path of a JSONL file");
    }
}
