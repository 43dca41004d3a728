package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.objectstore.Digests;
import dev.fewbit.objectstore.DurableFiles;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where an artifact is to appear, and what stands beside it meanwhile: {@code .NAME.work-KEY}, the unfinished work on it, and for a moment {@code
 * .NAME.replaced}, the artifact that gives way to it.
 */
final class ArtifactPlace {
    private static final int KEY_DIGITS = 12;

    private final Path given;
    private final Path target;

    /** @param given as a person wrote it, for messages */
    ArtifactPlace(Path given) {
        this.given = given;
        target = given.toAbsolutePath().normalize();
    }

    /**
     * Makes sure that an artifact may appear here.
     *
     * @param overwrite whether one that is there may be replaced
     */
    void require(boolean overwrite) throws IOException {
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new QuantizationException(
                    given + ": cannot be written: " + parent + " is no directory; allowed: a path in an existing one");
        }
        if (Files.exists(replaced())) {
            finishReplacement();
        }
        if (!Files.exists(target)) {
            return;
        }
        if (!overwrite) {
            throw new QuantizationException(given
                    + ": exists already; allowed: a path where nothing is yet, or --overwrite to replace an artifact");
        }
        if (!Files.isRegularFile(target.resolve(ArtifactFiles.MANIFEST))) {
            throw new QuantizationException(given + ": is no artifact (it has no " + ArtifactFiles.MANIFEST
                    + ") and is not overwritten; allowed: an artifact, or a path where nothing is yet");
        }
    }

    /** Fills an empty directory with an artifact. */
    interface Filling {
        /**
         * Does it.
         *
         * @param directory exists and is empty
         * @param work keeps what is finished
         */
        ArtifactManifest fill(Path directory, WorkDirectory work) throws IOException;
    }

    /**
     * Makes an artifact in a work directory, flushes it and puts it here, whole. The work directory is removed when this returns or throws; when
     * the process is killed it stays for the next run with the same key.
     *
     * @throws QuantizationException when another process is making it
     */
    ArtifactManifest make(String key, WorkObserver observer, Filling filling) throws IOException {
        WorkDirectory work = WorkDirectory.open(work(key), key, observer)
                .orElseThrow(
                        () -> new QuantizationException(given + ": another process is making it; wait for its end"));
        try {
            if (!work.isEmpty()) {
                observer.note("going on with what an earlier run finished");
            }
            Path artifact = work.freshArtifact();
            ArtifactManifest manifest = filling.fill(artifact, work);
            DirectoryTree.flush(artifact);
            take(artifact);
            return manifest;
        } finally {
            work.remove();
            removeLeftovers();
        }
    }

    private Path work(String key) {
        return target.resolveSibling(workPrefix() + Digests.of(key).substring(0, KEY_DIGITS));
    }

    /** Puts a whole, flushed artifact here, in place of the one that may be. */
    private void take(Path artifact) throws IOException {
        if (Files.exists(target)) {
            // Two names cannot change places in one step: a crash in between is mended by the next run, see require.
            Files.move(target, replaced(), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(artifact, target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.flushDirectory(target.getParent());
        DurableFiles.deleteTree(replaced());
    }

    /** Removes what runs with other recipes left unfinished here, unless one of them is under way. */
    private void removeLeftovers() throws IOException {
        List<Path> left;
        try (Stream<Path> siblings = Files.list(target.getParent())) {
            left = siblings.filter(path -> path.getFileName().toString().startsWith(workPrefix()))
                    .toList();
        }
        for (Path path : left) {
            WorkDirectory.removeUnused(path);
        }
    }

    private void finishReplacement() throws IOException {
        if (Files.exists(target)) {
            DurableFiles.deleteTree(replaced());
        } else {
            Files.move(replaced(), target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path replaced() {
        return target.resolveSibling("." + target.getFileName() + ".replaced");
    }

    private String workPrefix() {
        return "." + target.getFileName() + ".work-";
    }
}
