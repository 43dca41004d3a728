package dev.fewbit.benchmark;

import dev.fewbit.contracts.execution.ProgramLanguage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a benchmark's file whole, or problem by problem. */
public final class BenchmarkReader {

    /**
     * What a file turned out to be.
     *
     * @param digest SHA-256 of its bytes, packed as they are
     * @param problems in it
     */
    public record Scan(String digest, int problems) {}

    /**
     * Reads all of {@code file}, of MultiPL-E's records.
     *
     * @param file UTF-8, a JSON object a line; blank lines are passed over
     * @param language that every record must have
     * @throws InvalidBenchmarkException when the file is missing, empty or holds a record that cannot be used
     */
    public Benchmark read(Path file, ProgramLanguage language) throws InvalidBenchmarkException {
        return read(file, new MultiPlERecord(Language.of(language), "the study"));
    }

    /** Reads all of {@code file}, which holds {@code definition}'s benchmark. */
    Benchmark read(Path file, BenchmarkDefinition definition) throws InvalidBenchmarkException {
        return read(file, RecordFormat.of(definition));
    }

    /** Hands over the problems of {@code file} one by one and keeps none. */
    Scan scan(Path file, BenchmarkDefinition definition, Consumer<Problem> problems) throws InvalidBenchmarkException {
        return scan(file, RecordFormat.of(definition), problems);
    }

    private static Benchmark read(Path file, RecordFormat format) throws InvalidBenchmarkException {
        List<Problem> problems = new ArrayList<>();
        Scan scan = scan(file, format, problems::add);
        return new Benchmark(scan.digest(), problems);
    }

    private static Scan scan(Path file, RecordFormat format, Consumer<Problem> problems)
            throws InvalidBenchmarkException {
        Map<String, Integer> lineOf = new HashMap<>();
        String digest = RecordFile.read(file, (record, line) -> {
            Problem problem = format.problem(record);
            Integer first = lineOf.putIfAbsent(problem.name(), line);
            if (first != null) {
                throw record.complaint("name is '" + problem.name() + "', which line " + first + " has already");
            }
            problems.accept(problem);
        });
        if (lineOf.isEmpty()) {
            throw new InvalidBenchmarkException(file + ": the benchmark holds no problem; one JSON record a line");
        }
        return new Scan(digest, lineOf.size());
    }
}
