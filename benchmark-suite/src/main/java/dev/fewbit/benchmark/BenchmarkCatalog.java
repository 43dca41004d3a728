package dev.fewbit.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks at all benchmarks: which are there, how large, of which revision. Every file is read to its end. */
public final class BenchmarkCatalog {
    private BenchmarkCatalog() {}

    /** All known benchmarks; one that is missing or broken does not keep the others from being listed. */
    public static List<BenchmarkListing> list(BenchmarkLoader loader) {
        return BenchmarkDefinitions.list().stream()
                .map(definition -> look(loader, definition))
                .toList();
    }

    /** One benchmark, whether it is there or not. */
    public static BenchmarkListing look(BenchmarkLoader loader, BenchmarkDefinition definition) {
        try {
            Path file = loader.file(definition);
            BenchmarkReader.Scan scan = loader.scan(definition, problem -> {});
            return new BenchmarkListing(
                    definition.name(),
                    true,
                    scan.problems(),
                    definition.language().label(),
                    definition.licence(),
                    true,
                    definition.file().toString(),
                    Files.size(file),
                    scan.digest(),
                    KnownFiles.revision(definition, scan.digest()),
                    definition.origin(),
                    null);
        } catch (InvalidBenchmarkException e) {
            return unavailable(definition, loader.hasFile(definition), e.getMessage());
        } catch (IOException e) {
            return unavailable(definition, true, definition.file() + ": cannot be read: " + e.getMessage());
        }
    }

    private static BenchmarkListing unavailable(BenchmarkDefinition definition, boolean found, String reason) {
        return new BenchmarkListing(
                definition.name(),
                false,
                0,
                definition.language().label(),
                definition.licence(),
                found,
                definition.file().toString(),
                null,
                null,
                null,
                definition.origin(),
                reason);
    }
}
