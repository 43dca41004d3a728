package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.objectstore.ArtifactEntry;
import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.Digests;
import dev.fewbit.objectstore.DurableFiles;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.streams.MemoryLimit;
import dev.fewbit.quantizer.work.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes artifacts into an object store, or finds them there: the same checkpoint, recipe and tool make an artifact once. */
public final class StoredQuantization {
    private final ArtifactStore store;
    private final ArtifactTexts texts;
    private final Path unfinished;
    private final Device device;
    private final MemoryLimit memory;

    /** With calibration windows on the processor. */
    public StoredQuantization(ArtifactStore store, ArtifactTexts texts, Path unfinished) {
        this(store, texts, unfinished, Device.CPU, MemoryLimit.standard());
    }

    /**
     * With calibration windows on a device, and a limit of its own.
     *
     * @param unfinished directory for work that a later attempt may go on with
     * @param memory of the host that quantizing may take; shows in no byte
     */
    public StoredQuantization(
            ArtifactStore store, ArtifactTexts texts, Path unfinished, Device device, MemoryLimit memory) {
        this.device = device;
        this.memory = memory;
        this.store = store;
        this.texts = texts;
        this.unfinished = unfinished;
    }

    /**
     * The artifact of {@code recipe}, made unless the store has it. Of several makers at a time the first to finish wins, and
     * all get its artifact.
     *
     * @param askedAt when it was asked for: what was made later, by an earlier attempt that died before it could say so or by
     *     another maker at the same time, is not reused. Clocks that differ blur this by their difference
     * @throws dev.fewbit.model.checkpoint.InvalidCheckpointException when the checkpoint is invalid
     * @throws QuantizationException when a weight cannot be mapped
     * @throws BuildStoppedException when the observer stopped it
     * @throws IOException when the store cannot be read or written; nothing is left behind
     */
    public StoredArtifact quantize(Path checkpoint, Recipe recipe, Instant askedAt, BuildObserver observer)
            throws IOException {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            ArtifactPlan plan = ArtifactPlan.of(opened, recipe, texts, device, memory);
            String key = ArtifactIndexKey.of(plan).canonical();
            Optional<ArtifactEntry> present = store.lookup(key);
            if (present.isPresent()) {
                return stored(opened, present.get(), askedAt);
            }
            ArtifactEntry made = make(plan, key, observer);
            return stored(opened, store.index(key, made), askedAt);
        }
    }

    /** Removes unfinished work that nobody went on with since {@code limit}. */
    public void removeAbandoned(Instant limit) throws IOException {
        if (!Files.isDirectory(unfinished)) {
            return;
        }
        List<Path> directories;
        try (Stream<Path> entries = Files.list(unfinished)) {
            directories = entries.toList();
        }
        for (Path directory : directories) {
            if (Files.getLastModifiedTime(directory).toInstant().isBefore(limit)) {
                WorkDirectory.removeUnused(directory);
            }
        }
    }

    private ArtifactEntry make(ArtifactPlan plan, String key, BuildObserver observer) throws IOException {
        long start = System.nanoTime();
        WorkDirectory work = open(key, observer);
        boolean goesOn = work.path().equals(directory(key));
        Path workspace = store.workspace();
        try {
            new ArtifactBuilder(plan).build(workspace, work, observer);
            String id = store.put(workspace);
            goesOn = false;
            double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
            return new ArtifactEntry(id, seconds, Instant.now());
        } catch (QuantizationException e) {
            goesOn = false;
            throw e;
        } finally {
            if (goesOn) {
                work.keepFinished();
            } else {
                work.remove();
            }
            DurableFiles.deleteTree(workspace);
        }
    }

    private Path directory(String key) {
        return unfinished.resolve(Digests.of(key));
    }

    /** The work directory of a key; one of its own, which nobody goes on with, for who finds it in use: of two makers the first to finish wins. */
    private WorkDirectory open(String key, BuildObserver observer) throws IOException {
        Optional<WorkDirectory> work = WorkDirectory.open(directory(key), key, observer);
        if (work.isPresent()) {
            return work.get();
        }
        return WorkDirectory.open(unfinished.resolve(UUID.randomUUID().toString()), key, observer)
                .orElseThrow(
                        () -> new IOException("a new directory in " + unfinished + " is locked by another process"));
    }

    private StoredArtifact stored(Checkpoint checkpoint, ArtifactEntry entry, Instant askedAt) throws IOException {
        Path directory = store.find(entry.artifactId())
                .orElseThrow(() -> new IOException("the object store has lost artifact " + entry.artifactId()));
        Path file = directory.resolve(ArtifactFiles.MANIFEST);
        ArtifactManifest manifest = ManifestJson.read(Files.readString(file), file.toString());
        DecoderSpec decoder = checkpoint.config().decoder();
        boolean reused = entry.madeAt().isBefore(askedAt);
        return new StoredArtifact(
                entry.artifactId(),
                manifest,
                entry.seconds(),
                reused,
                decoder.linears().size(),
                decoder.linearWeights());
    }
}
