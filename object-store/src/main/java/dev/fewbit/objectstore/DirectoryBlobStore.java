package dev.fewbit.objectstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Blobs as files {@code blobs/ab/abcdef…} below a root directory. */
public final class DirectoryBlobStore implements BlobStore {
    private final Path blobs;

    /** @param root of the object store, created when it is missing */
    public DirectoryBlobStore(Path root) {
        this.blobs = root.resolve("blobs");
    }

    @Override
    public String put(byte[] bytes) throws IOException {
        String digest = Digests.of(bytes);
        Path file = file(digest);
        if (!Files.exists(file)) {
            if (!Files.isDirectory(file.getParent())) {
                Files.createDirectories(file.getParent());
                DurableFiles.flushDirectory(blobs);
            }
            DurableFiles.write(file, bytes);
        }
        return digest;
    }

    @Override
    public Optional<byte[]> get(String digest) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file(digest));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!Digests.of(bytes).equals(digest)) {
            throw new IOException("blob " + digest + " does not match its digest");
        }
        return Optional.of(bytes);
    }

    /**
     * Removes temporary files that crashed processes left behind.
     *
     * @param unusedFor how long nothing was written to what counts as abandoned
     */
    public void removeAbandoned(Duration unusedFor) throws IOException {
        if (!Files.isDirectory(blobs)) {
            return;
        }
        List<Path> directories;
        try (Stream<Path> entries = Files.list(blobs)) {
            directories = entries.filter(Files::isDirectory).toList();
        }
        Instant limit = Instant.now().minus(unusedFor);
        for (Path directory : directories) {
            DurableFiles.removeAbandoned(directory, limit);
        }
    }

    private Path file(String digest) {
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 digest: " + digest);
        }
        return blobs.resolve(digest.substring(0, 2)).resolve(digest);
    }
}
