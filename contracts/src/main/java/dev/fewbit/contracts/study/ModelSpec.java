package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.PlainText;
import dev.fewbit.contracts.generation.GeneratorSpec;

/**
 * A model of a study: a checkpoint that Fewbit quantizes and runs, or a model that somebody else made and serves.
 *
 * @param name how reports call it; a served model may have a checkpoint's name and then stands beside its artifacts
 * @param checkpoint its Hugging Face directory; a relative path starts at the installation's root; {@code null} of a served model
 * @param generator where its completions come from; {@code null} of a checkpoint
 */
@JsonPropertyOrder({"name", "checkpoint", "generator"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSpec(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty("checkpoint") String checkpoint,
        @JsonProperty("generator") GeneratorSpec generator) {
    public ModelSpec {
        PlainText.require("name", name, "a name for the model");
        if (generator == null) {
            PlainText.require("checkpoint", checkpoint, "the path of a checkpoint directory");
        } else if (checkpoint != null) {
            throw new InvalidSpecException(
                    "checkpoint", PlainText.quoted(checkpoint), "a checkpoint or a generator, not both");
        }
    }

    /** A checkpoint. */
    public ModelSpec(String name, String checkpoint) {
        this(name, checkpoint, null);
    }

    /** A model that is served elsewhere. */
    public static ModelSpec of(String name, GeneratorSpec generator) {
        return new ModelSpec(name, null, generator);
    }

    /** Whether its completions come from a server: then no recipe applies to it. */
    public boolean served() {
        return generator != null;
    }

    /** What tells it from the study's other models in a report. */
    String nameInReports() {
        return served() ? name + " by " + generator.label() + " at " + generator.bits() + " bits" : name;
    }
}
