package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.objectstore.Digests;
import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Reads and checks an artifact's directory. */
public final class ArtifactInspector {

    /**
     * The manifest of the artifact in {@code directory}, after every file it names was found to have the digest it gives.
     *
     * @throws QuantizationException when the directory is no artifact, or a file is missing or was changed
     */
    public ArtifactManifest read(Path directory) {
        ArtifactManifest manifest = readUnverified(directory);
        for (Map.Entry<String, String> file : new TreeMap<>(manifest.files()).entrySet()) {
            verify(directory, file.getKey(), file.getValue());
        }
        return manifest;
    }

    /**
     * The manifest alone: enough where the store has checked the bytes before.
     *
     * @throws QuantizationException when the directory is no artifact
     */
    public ArtifactManifest readUnverified(Path directory) {
        Path file = directory.resolve(ArtifactFiles.MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new QuantizationException(directory + ": not an artifact: it has no " + ArtifactFiles.MANIFEST);
        }
        try {
            return ManifestJson.read(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new QuantizationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void verify(Path directory, String name, String expected) {
        Path file = directory.resolve(name);
        if (!file.getFileName().toString().equals(name)) {
            throw new QuantizationException(
                    directory + ": " + ArtifactFiles.MANIFEST + " names '" + name + "'; allowed: file names");
        }
        if (!Files.isRegularFile(file)) {
            throw new QuantizationException(
                    directory + ": has no " + name + ", which " + ArtifactFiles.MANIFEST + " names");
        }
        try {
            String digest = Digests.of(file);
            if (!digest.equals(expected)) {
                throw new QuantizationException(file + ": was changed: its SHA-256 is " + digest + ", "
                        + ArtifactFiles.MANIFEST + " has " + expected);
            }
        } catch (IOException e) {
            throw new QuantizationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
