package dev.fewbit.benchmark;

import java.nio.file.Path;

/**
 * A benchmark that Fewbit knows by name.
 *
 * @param name such as {@code multipl-e-humaneval-java}
 * @param family how records look and which harness judges
 * @param language of its programs
 * @param licence of its problems
 * @param file below the data folder, which holds a folder a benchmark; below the installation's root for {@link BenchmarkFamily#REFERENCE}
 * @param origin where to get the file
 * @param revision of the origin, the one that this was written for
 */
public record BenchmarkDefinition(
        String name,
        BenchmarkFamily family,
        Language language,
        String licence,
        Path file,
        String origin,
        String revision) {

    /** Whether the installation itself has the file. */
    public boolean shipped() {
        return family == BenchmarkFamily.REFERENCE;
    }
}
