package dev.fewbit.objectstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Artifacts as directories {@code artifacts/ID}, the index as files {@code index/DIGEST-OF-KEY} below a root directory. */
public final class DirectoryArtifactStore implements ArtifactStore {
    private final Path artifacts;
    private final Path index;
    private final Path workspaces;

    /** @param root of the object store, created when it is missing */
    public DirectoryArtifactStore(Path root) throws IOException {
        this.artifacts = Files.createDirectories(root.resolve("artifacts"));
        this.index = Files.createDirectories(root.resolve("index"));
        this.workspaces = Files.createDirectories(root.resolve("workspaces"));
    }

    @Override
    public String put(Path directory) throws IOException {
        String id = digestOf(directory);
        for (Path file : filesOf(directory)) {
            DurableFiles.flush(file);
        }
        DurableFiles.flushDirectory(directory);
        Path target = artifacts.resolve(id);
        try {
            Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.flushDirectory(artifacts);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // The same bytes are stored already: the first writer won.
            deleteDirectory(directory);
        }
        return id;
    }

    @Override
    public Optional<Path> find(String artifactId) {
        Path directory = artifacts.resolve(checked(artifactId));
        return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
    }

    @Override
    public ArtifactEntry index(String key, ArtifactEntry entry) throws IOException {
        Optional<ArtifactEntry> present = lookup(key);
        if (present.isPresent()) {
            return present.get();
        }
        String text = entry.artifactId() + "\n" + entry.seconds() + "\n" + entry.madeAt() + "\n";
        DurableFiles.write(indexFile(key), text.getBytes(StandardCharsets.UTF_8));
        return entry;
    }

    @Override
    public Optional<ArtifactEntry> lookup(String key) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(indexFile(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        ArtifactEntry entry =
                new ArtifactEntry(lines.get(0), Double.parseDouble(lines.get(1)), Instant.parse(lines.get(2)));
        return find(entry.artifactId()).isPresent() ? Optional.of(entry) : Optional.empty();
    }

    @Override
    public Path workspace() throws IOException {
        return Files.createTempDirectory(workspaces, "artifact-");
    }

    /** SHA-256 over the sorted names and digests of a directory's files: an artifact's id. */
    public static String digestOf(Path directory) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : filesOf(directory)) {
            lines.append(file.getFileName())
                    .append('\n')
                    .append(Digests.of(file))
                    .append('\n');
        }
        return Digests.of(lines.toString());
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static void deleteDirectory(Path directory) throws IOException {
        for (Path file : filesOf(directory)) {
            Files.delete(file);
        }
        Files.delete(directory);
    }

    private Path indexFile(String key) {
        return index.resolve(Digests.of(key));
    }

    private static String checked(String artifactId) {
        if (!artifactId.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not an artifact id: " + artifactId);
        }
        return artifactId;
    }
}
