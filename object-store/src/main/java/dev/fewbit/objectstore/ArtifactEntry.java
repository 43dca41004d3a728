package dev.fewbit.objectstore;

import java.time.Instant;

/**
 * An entry of the artifact index.
 *
 * @param artifactId of the artifact
 * @param seconds it took to make
 * @param madeAt when it was made
 */
public record ArtifactEntry(String artifactId, double seconds, Instant madeAt) {}
