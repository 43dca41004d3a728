package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.session.FourBitExport;
import dev.fewbit.model.session.InvalidArtifactException;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.work.WorkObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes an artifact anew with 2- and 3-bit codes in the 4-bit layout, every weight as it was: ONNX Runtime loads it without our code, on CUDA too.
 * Recipe, errors and fidelity are those of the artifact it is made from, which its provenance names; stored sizes are its own.
 */
public final class ArtifactExport {

    /**
     * Exports.
     *
     * @param artifact a whole artifact
     * @param out must not exist, unless it may be overwritten; its parent must
     * @param overwrite an artifact that is there is replaced once the new one is whole
     * @return the manifest of the new artifact
     * @throws QuantizationException with a message of one line when {@code artifact} is none or was changed, needs no other layout, or {@code out}
     *     exists or cannot be written
     */
    public ArtifactManifest toFourBits(Path artifact, Path out, boolean overwrite) {
        ArtifactManifest manifest = new ArtifactInspector().read(artifact);
        ArtifactPlace place = new ArtifactPlace(out);
        try {
            if (!FourBitExport.isNeeded(artifact)) {
                throw new QuantizationException(
                        artifact + ": has no codes of 2 or 3 bits; ONNX Runtime loads it as it is");
            }
            place.require(overwrite);
            String id = DirectoryArtifactStore.digestOf(artifact);
            return place.make(
                    "export 4bit " + id,
                    WorkObserver.NONE,
                    (directory, work) -> write(artifact, manifest, id, directory));
        } catch (InvalidArtifactException e) {
            throw new QuantizationException(e.getMessage(), e);
        } catch (IOException e) {
            throw new QuantizationException(
                    out + ": cannot be written: " + LocalQuantization.reason(e) + "; nothing is left behind", e);
        }
    }

    private static ArtifactManifest write(Path artifact, ArtifactManifest manifest, String id, Path directory)
            throws IOException {
        FourBitExport.Growth growth = FourBitExport.write(artifact, directory);
        for (String name : manifest.files().keySet()) {
            Path target = directory.resolve(name);
            if (!Files.exists(target)) {
                Files.write(target, Files.readAllBytes(artifact.resolve(name)));
            }
        }
        ArtifactSizes sizes = manifest.sizes();
        long linears = sizes.linearStoredBytes() + growth.wideBytes() - growth.narrowBytes();
        ArtifactManifest exported = new ArtifactManifest(
                manifest.schemaVersion(),
                manifest.recipe(),
                manifest.architecture(),
                new ArtifactSizes(
                        Files.size(directory.resolve(DecoderGraph.MODEL_FILE))
                                + Files.size(directory.resolve(DecoderGraph.WEIGHTS_FILE)),
                        sizes.residentBytes(),
                        sizes.residentAs(),
                        sizes.idealBytes(),
                        linears,
                        sizes.bitsPerWeight() * linears / sizes.linearStoredBytes()),
                manifest.layers(),
                manifest.fidelity(),
                DirectoryTree.digests(directory, Map.of()),
                manifest.provenance().exportedFrom(id));
        Files.writeString(directory.resolve(ArtifactFiles.MANIFEST), ManifestJson.write(exported));
        return exported;
    }
}
