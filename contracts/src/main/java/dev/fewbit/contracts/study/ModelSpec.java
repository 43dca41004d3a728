package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.PlainText;

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
        PlainText.require("name", name, "a name for the model");
        PlainText.require("checkpoint", checkpoint, "the path of a checkpoint directory");
    }
}
