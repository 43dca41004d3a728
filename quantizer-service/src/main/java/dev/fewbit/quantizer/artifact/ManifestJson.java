package dev.fewbit.quantizer.artifact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.quantizer.QuantizationException;

/** {@code fewbit.json} as text: one form only, so that equal manifests are equal bytes. */
public final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ManifestJson() {}

    public static String write(ArtifactManifest manifest) {
        // Line ends of the platform would make the bytes depend on it.
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        try {
            return JSON.writer(printer).writeValueAsString(manifest) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is always JSON", e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @param source what messages call the text
     * @throws QuantizationException when the text is not a manifest of a version that this build reads
     */
    public static ArtifactManifest read(String text, String source) {
        try {
            JsonNode root = JSON.readTree(text);
            JsonNode version = root.path("schemaVersion");
            if (version.asInt() != ArtifactFiles.SCHEMA_VERSION) {
                throw new QuantizationException(source + ": schemaVersion is "
                        + (version.isMissingNode() ? "missing" : version) + "; allowed: "
                        + ArtifactFiles.SCHEMA_VERSION);
            }
            return JSON.treeToValue(root, ArtifactManifest.class);
        } catch (JsonProcessingException e) {
            throw new QuantizationException(
                    source + ": not an artifact's manifest: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
    }
}
