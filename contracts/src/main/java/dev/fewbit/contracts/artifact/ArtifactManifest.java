package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.List;
import java.util.Map;

/**
 * {@code fewbit.json} of an artifact. It holds nothing that differs between two runs of the same recipe on the same
 * inputs: time and duration are kept beside the artifact, not in it.
 *
 * @param schemaVersion of this file
 * @param recipe that made it
 * @param architecture of the checkpoint, such as {@code LlamaForCausalLM}
 * @param sizes the three sizes
 * @param layers error of each decoder linear, in the graph's order; empty at 16 bits
 * @param fidelity to the 16-bit model on held-out text, {@code null} when not measured
 * @param files SHA-256 of every other file of the artifact, by name
 * @param provenance where it comes from
 */
@JsonPropertyOrder({"schemaVersion", "recipe", "architecture", "sizes", "layers", "fidelity", "files", "provenance"})
public record ArtifactManifest(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "recipe", required = true) Recipe recipe,

        @JsonProperty(value = "architecture", required = true)
        String architecture,

        @JsonProperty(value = "sizes", required = true) ArtifactSizes sizes,
        @JsonProperty(value = "layers", required = true) List<LayerError> layers,
        @JsonProperty("fidelity") Fidelity fidelity,
        @JsonProperty(value = "files", required = true) Map<String, String> files,
        @JsonProperty(value = "provenance", required = true) ArtifactProvenance provenance) {
    public ArtifactManifest {
        layers = List.copyOf(layers);
    }
}
