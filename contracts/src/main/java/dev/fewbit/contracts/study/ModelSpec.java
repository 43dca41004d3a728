package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;

/**
 * A checkpoint of a study.
 *
 * @param name how reports call it
 * @param checkpoint its Hugging Face directory; a relative path starts at the installation's root
 */
public record ModelSpec(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "checkpoint", required = true) String checkpoint) {
    public ModelSpec {
        if (name == null || name.isBlank()) {
            throw new InvalidSpecException("name", name, "a name for the model");
        }
        if (checkpoint == null || checkpoint.isBlank()) {
            throw new InvalidSpecException("checkpoint", checkpoint, "the path of a checkpoint directory");
        }
    }
}
