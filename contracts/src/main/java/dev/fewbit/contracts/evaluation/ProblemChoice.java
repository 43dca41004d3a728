package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;

/**
 * A stratified choice of problems: each stratum gives its share of {@code problems} (largest remainders), drawn by seed.
 * The choice depends on the file's problem names, strata and the seed alone.
 *
 * @param problems how many, at least 1
 * @param stratum the field of a problem record that names its stratum; default {@code stratum}
 * @param seed of the draw; default 0
 */
public record ProblemChoice(
        @JsonProperty(value = "problems", required = true) Integer problems,
        @JsonProperty("stratum") String stratum,
        @JsonProperty("seed") Long seed) {
    public ProblemChoice {
        if (problems == null || problems < 1) {
            throw new InvalidSpecException("problems", problems, "at least 1");
        }
        if (stratum == null) {
            stratum = "stratum";
        }
        if (seed == null) {
            seed = 0L;
        }
    }
}
