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
            return listing(definition, scan, Files.size(file), null);
        } catch (InvalidBenchmarkException e) {
            return listing(definition, null, null, e.getMessage());
        } catch (IOException e) {
            return listing(definition, null, null, definition.file() + ": cannot be read: " + e.getMessage());
        }
    }

    private static BenchmarkListing listing(
            BenchmarkDefinition definition, BenchmarkReader.Scan scan, Long bytes, String reason) {
        return new BenchmarkListing(
                definition.name(),
                scan != null,
                scan == null ? 0 : scan.problems(),
                definition.language().label(),
                definition.licence(),
                definition.file().toString(),
                bytes,
                scan == null ? null : scan.digest(),
                scan == null ? null : KnownFiles.revision(definition, scan.digest()),
                definition.origin(),
                reason);
    }
}
