package dev.fewbit.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds and loads benchmarks by name. */
public final class BenchmarkLoader {
    private final Path root;
    private final Optional<Path> data;
    private final BenchmarkReader reader = new BenchmarkReader();

    /**
     * @param root the installation's, which has the reference model's benchmarks
     * @param data the folder that holds a folder a benchmark; empty: only the reference model's are there
     */
    public BenchmarkLoader(Path root, Optional<Path> data) {
        this.root = root;
        this.data = data;
    }

    /** The benchmark called {@code name}; otherwise an exception that names what is near. */
    public static BenchmarkDefinition definition(String name) throws InvalidBenchmarkException {
        return BenchmarkDefinitions.find(name)
                .orElseThrow(() -> new InvalidBenchmarkException("benchmark '" + name
                        + "' is not known; ./fewbit benchmarks lists all" + BenchmarkDefinitions.nearest(name)));
    }

    /**
     * Where the benchmark's file is.
     *
     * @throws InvalidBenchmarkException when it is not there; the message says where to get it and where to put it
     */
    public Path file(BenchmarkDefinition definition) throws InvalidBenchmarkException {
        if (!definition.shipped() && data.isEmpty()) {
            throw new InvalidBenchmarkException("benchmark " + definition.name() + " needs a data folder with "
                    + definition.file() + " in it (--data DIR); get it from " + definition.origin());
        }
        Path folder = definition.shipped() ? root : data.orElseThrow();
        Path file = folder.resolve(definition.file());
        if (!Files.isRegularFile(file)) {
            throw new InvalidBenchmarkException("benchmark " + definition.name() + " needs the file " + file
                    + ", which is not there; get it from " + definition.origin());
        }
        return file;
    }

    /**
     * Loads it whole.
     *
     * @throws InvalidBenchmarkException when its file is missing or cannot be used
     */
    public Benchmark load(BenchmarkDefinition definition) throws InvalidBenchmarkException {
        return reader.read(file(definition), definition);
    }

    /** As {@link #load}, but hands over the problems one by one and keeps none. */
    public BenchmarkReader.Scan scan(BenchmarkDefinition definition, Consumer<Problem> problems)
            throws InvalidBenchmarkException {
        return reader.scan(file(definition), definition, problems);
    }
}
