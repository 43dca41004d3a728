package dev.fewbit.benchmark;

import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
        Path folder = folder(definition)
                .orElseThrow(() ->
                        new InvalidBenchmarkException("benchmark " + definition.name() + " needs a data folder with "
                                + definition.file() + " in it (--data DIR); get it from " + definition.origin()));
        Path file = folder.resolve(definition.file());
        if (!Files.isRegularFile(file)) {
            throw new InvalidBenchmarkException("benchmark " + definition.name() + " needs the file " + file
                    + ", which is not there; get it from " + definition.origin());
        }
        return file;
    }

    /** Whether the benchmark's file is there, whatever it holds. */
    public boolean hasFile(BenchmarkDefinition definition) {
        return folder(definition)
                .map(folder -> Files.isRegularFile(folder.resolve(definition.file())))
                .orElse(false);
    }

    private Optional<Path> folder(BenchmarkDefinition definition) {
        return definition.shipped() ? Optional.of(root) : data;
    }

    /**
     * Loads it whole.
     *
     * @throws InvalidBenchmarkException when its file is missing or cannot be used
     */
    public Benchmark load(BenchmarkDefinition definition) throws InvalidBenchmarkException {
        return reader.read(file(definition), definition);
    }

    /**
     * Loads what a study asks for: the file that it names, or the known benchmark.
     *
     * @throws InvalidBenchmarkException when there is no such benchmark, or its file is missing or cannot be used
     */
    public Benchmark load(BenchmarkSpec spec) throws InvalidBenchmarkException {
        return spec.file() == null ? load(definition(spec)) : reader.read(file(spec.file()), spec.language());
    }

    /** How messages call the file that {@code spec} stands for. */
    public String source(BenchmarkSpec spec) throws InvalidBenchmarkException {
        return spec.file() == null ? spec.name() : file(spec.file()).toString();
    }

    /** The known benchmark that a {@code spec} without a file stands for. */
    public static BenchmarkDefinition definition(BenchmarkSpec spec) throws InvalidBenchmarkException {
        BenchmarkDefinition definition = definition(spec.name());
        if (definition.language() != Language.of(spec.language())) {
            throw new InvalidBenchmarkException(
                    "benchmark " + spec.name() + " is in " + definition.language() + ", not in " + spec.language());
        }
        return definition;
    }

    private Path file(String name) throws InvalidBenchmarkException {
        try {
            return root.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidBenchmarkException("benchmark.file is '" + name + "', which is no path: " + e.getReason());
        }
    }

    /** As {@link #load}, but hands over the problems one by one and keeps none. */
    public BenchmarkReader.Scan scan(BenchmarkDefinition definition, Consumer<Problem> problems)
            throws InvalidBenchmarkException {
        return reader.scan(file(definition), definition, problems);
    }
}
