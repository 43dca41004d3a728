package dev.fewbit.quantizer.artifact;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that decides an artifact's bytes: what the index of the object store is asked with.
 *
 * @param checkpointDigest of the checkpoint
 * @param recipe applied to it
 * @param calibrationDigest of the token windows used, {@code null} when the method uses none
 * @param benchmarks digest of each benchmark that the calibration text was compared with, by name
 * @param fidelityTexts digest of each text that fidelity is measured on, by key
 * @param toolVersion of the quantizer
 * @param deviceClass of the processor
 */
public record ArtifactIndexKey(
        String checkpointDigest,
        Recipe recipe,
        String calibrationDigest,
        Map<String, String> benchmarks,
        Map<String, String> fidelityTexts,
        String toolVersion,
        String deviceClass) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The key of what {@code plan} makes with this build. */
    static ArtifactIndexKey of(ArtifactPlan plan) {
        return new ArtifactIndexKey(
                plan.checkpoint().digest(),
                plan.recipe(),
                plan.calibrationDigest(),
                plan.overlap().stream()
                        .collect(Collectors.toMap(
                                BenchmarkOverlap::benchmark, BenchmarkOverlap::digest, (a, b) -> a, TreeMap::new)),
                plan.heldOut().digests(),
                ArtifactFiles.TOOL_VERSION,
                plan.deviceClass());
    }

    /** One line of JSON, the same for equal keys. */
    public String canonical() {
        ObjectNode key = JSON.createObjectNode();
        key.put("checkpoint", checkpointDigest);
        key.set("recipe", JSON.valueToTree(recipe));
        key.put("calibration", calibrationDigest);
        key.set("benchmarks", JSON.valueToTree(new TreeMap<>(benchmarks)));
        key.set("fidelity", JSON.valueToTree(new TreeMap<>(fidelityTexts)));
        key.put("toolVersion", toolVersion);
        key.put("deviceClass", deviceClass);
        return key.toString();
    }
}
