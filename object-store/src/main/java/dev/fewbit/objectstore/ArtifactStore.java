package dev.fewbit.objectstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Artifacts by the digest of their bytes, and an index from what an artifact was made of to its id. What is stored never
 * changes: the first writer of an id or of an index key wins.
 */
public interface ArtifactStore {

    /**
     * Stores the files of a finished artifact. They are copied or moved under a temporary name, flushed to disk and then renamed,
     * so that a crash at any moment leaves the whole artifact or nothing.
     *
     * @param directory holding the artifact's files, no subdirectories; it is consumed
     * @return the artifact's id: SHA-256 over the sorted names and digests of its files
     * @throws IOException when the disk is full or cannot be written; nothing is left behind
     */
    String put(Path directory) throws IOException;

    /** A directory that holds the artifact's files, readable until the process ends; empty when it is not stored. */
    Optional<Path> find(String artifactId) throws IOException;

    /**
     * Remembers that {@code key} made {@code entry}, unless the key is there already.
     *
     * @return the entry that the key has now
     */
    ArtifactEntry index(String key, ArtifactEntry entry) throws IOException;

    /** What {@code key} made, when its artifact is stored. */
    Optional<ArtifactEntry> lookup(String key) throws IOException;

    /** A fresh directory on the same file system as the store, for an artifact in the making. */
    Path workspace() throws IOException;

    /**
     * Removes workspaces and other temporary files that crashed processes left behind.
     *
     * @param unusedFor how long nothing was written into what counts as abandoned; longer than any pause of a build
     */
    void removeAbandoned(Duration unusedFor) throws IOException;
}
