package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.artifact.Fidelity;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.TensorShape;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.fidelity.FidelityMeasurement;
import dev.fewbit.quantizer.footprint.Footprint;
import dev.fewbit.quantizer.method.QuantizationMethod;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes an artifact: {@code model.onnx}, {@code model-fp16.onnx}, {@code weights.bin}, the checkpoint's config and tokenizer files, and {@code fewbit.json}.
 * Nothing in it depends on when, where or on how many threads it was made.
 */
final class ArtifactBuilder {
    private static final String SAFETENSORS = ".safetensors";
    private static final String SAFETENSORS_INDEX = ".safetensors.index.json";

    private final Checkpoint checkpoint;
    private final ArtifactPlan plan;

    ArtifactBuilder(ArtifactPlan plan) {
        this.plan = plan;
        this.checkpoint = plan.checkpoint();
    }

    /**
     * Fills {@code directory}. Nothing is flushed or renamed: the caller owns the directory and removes it on failure.
     *
     * @param directory exists and is empty
     * @param work keeps what is finished, for whoever has to go on
     * @throws QuantizationException when a weight cannot be mapped or does not have the shape that the config asks for
     * @throws BuildStoppedException when the observer stopped it
     * @throws IOException when the directory cannot be written
     */
    ArtifactManifest build(Path directory, WorkDirectory work, BuildObserver observer) throws IOException {
        ModelConfig config = checkpoint.config();
        DecoderSpec decoder = config.decoder();
        requireShapes(decoder);
        noteShortBlocks(decoder, observer);
        Footprint footprint = new Footprint();
        List<LayerError> layers;
        Fidelity fidelity;
        String weights;
        long start = System.nanoTime();
        Duration quantizing;
        try (QuantizationMethod method = plan.method(work, observer);
                FidelityMeasurement measurement =
                        plan.measured() ? new FidelityMeasurement(checkpoint, plan.heldOut(), plan.baseline()) : null) {
            QuantizingWeightSource source =
                    new QuantizingWeightSource(plan, method, decoder.linears(), footprint, measurement, observer);
            weights = DecoderGraph.write(config, source, directory);
            source.finish();
            layers = source.layers();
            quantizing = Duration.ofNanos(System.nanoTime() - start);
            if (measurement != null) {
                int linears = decoder.linears().size();
                observer.working(new WorkStep("fidelity", "held-out texts through both models", linears, linears, 0));
            }
            fidelity = measurement == null ? null : measurement.measure();
        }
        observer.took(
                quantizing,
                fidelity == null
                        ? null
                        : Duration.ofNanos(System.nanoTime() - start).minus(quantizing));
        copyCompanions(directory);
        footprint.addOthers(decoder, plan.recipe().embeddingBits() == Recipe.BASELINE_BITS);
        ArtifactSizes sizes = footprint.sizes(Files.size(directory.resolve(DecoderGraph.MODEL_FILE))
                + Files.size(directory.resolve(DecoderGraph.WEIGHTS_FILE)));
        ArtifactManifest manifest = new ArtifactManifest(
                ArtifactFiles.SCHEMA_VERSION,
                plan.recipe(),
                config.architecture(),
                sizes,
                layers,
                fidelity,
                DirectoryTree.digests(directory, Map.of(DecoderGraph.WEIGHTS_FILE, weights)),
                provenance());
        Files.writeString(directory.resolve(ArtifactFiles.MANIFEST), ManifestJson.write(manifest));
        return manifest;
    }

    private void noteShortBlocks(DecoderSpec decoder, BuildObserver observer) {
        int blockSize = plan.recipe().blockSize();
        long padded = decoder.linears().stream()
                .filter(linear -> linear.k() % blockSize != 0)
                .count();
        if (padded > 0 && plan.recipe().method() != Method.NONE) {
            observer.note(
                    "%d of %d linears have a number of inputs that block_size %d does not divide: the last block of their rows is padded"
                            .formatted(padded, decoder.linears().size(), blockSize));
        }
    }

    private void requireShapes(DecoderSpec decoder) {
        Stream.of(decoder.tables(), decoder.others())
                .flatMap(List::stream)
                .forEach(tensor -> requireShape(tensor.name(), longs(tensor)));
        decoder.linears().forEach(linear -> requireShape(linear.weight(), linear.n(), linear.k()));
    }

    private static long[] longs(TensorShape tensor) {
        return tensor.shape().stream().mapToLong(Integer::longValue).toArray();
    }

    private void requireShape(String name, long... expected) {
        long[] shape = checkpoint.tensor(name).shape();
        if (!Arrays.equals(shape, expected)) {
            throw new QuantizationException(checkpoint.directory() + ": tensor '" + name + "' has shape "
                    + Arrays.toString(shape) + "; config.json asks for " + Arrays.toString(expected));
        }
    }

    private void copyCompanions(Path directory) throws IOException {
        for (String name : checkpoint.files()) {
            if (!name.endsWith(SAFETENSORS) && !name.endsWith(SAFETENSORS_INDEX)) {
                // Read and written, not Files.copy: permissions of the checkpoint are its own affair.
                Files.write(
                        directory.resolve(name),
                        Files.readAllBytes(checkpoint.directory().resolve(name)));
            }
        }
    }

    private ArtifactProvenance provenance() {
        return new ArtifactProvenance(
                checkpoint.digest(),
                plan.calibrationDigest(),
                plan.calibrationProvenance(),
                plan.measured() ? plan.heldOut().digests() : null,
                ArtifactFiles.TOOL_VERSION,
                plan.deviceClass(),
                // A patch of the JDK does not change a bit of integer and IEEE arithmetic: the feature release is
                // enough.
                versions(),
                null);
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        versions.put("jdk", Integer.toString(Runtime.version().feature()));
        versions.put("onnxruntime", "1.29");
        if (!plan.deviceClass().equals(ArtifactFiles.DEVICE_CLASS)) {
            versions.put("openblas", "0.3.31");
        }
        if (plan.engine() != null) {
            versions.putAll(plan.engine().versions());
        }
        return versions;
    }
}
