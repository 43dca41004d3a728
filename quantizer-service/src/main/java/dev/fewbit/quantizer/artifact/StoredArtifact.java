package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.ArtifactManifest;

/**
 * An artifact in the object store.
 *
 * @param id digest of its bytes
 * @param manifest its {@code fewbit.json}
 * @param seconds it took to make when it was made
 * @param reused it was there before it was asked for
 * @param linears of its decoder
 * @param linearWeights in them
 */
public record StoredArtifact(
        String id, ArtifactManifest manifest, double seconds, boolean reused, int linears, long linearWeights) {}
