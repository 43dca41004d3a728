package dev.fewbit.launcher.benchmark;

import dev.fewbit.benchmark.BenchmarkDefinition;
import dev.fewbit.benchmark.BenchmarkDefinitions;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.quantizer.calibration.TextDocument;
import dev.fewbit.quantizer.overlap.BenchmarkText;
import dev.fewbit.quantizer.overlap.OverlapSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Looks for calibration text in benchmarks, by the quantizer's own search. */
public final class CalibrationOverlap {
    private final OverlapSearch search;

    public CalibrationOverlap(List<TextDocument> documents) {
        this.search = new OverlapSearch(documents);
    }

    /**
     * The overlap with each benchmark.
     *
     * @param names of benchmarks; none: all whose files are there
     * @param passedOver told of a benchmark that was not named and whose file is there but cannot be used
     * @throws InvalidBenchmarkException when a named benchmark is not known, missing or broken
     */
    public List<BenchmarkOverlap> with(BenchmarkLoader loader, List<String> names, Consumer<String> passedOver)
            throws InvalidBenchmarkException {
        List<BenchmarkOverlap> overlaps = new ArrayList<>();
        if (names.isEmpty()) {
            for (BenchmarkDefinition definition : BenchmarkDefinitions.list()) {
                if (loader.hasFile(definition)) {
                    try {
                        overlaps.add(with(loader, definition));
                    } catch (InvalidBenchmarkException e) {
                        passedOver.accept(definition.name() + " is passed over: " + e.getMessage());
                    }
                }
            }
            return overlaps;
        }
        for (String name : names) {
            overlaps.add(with(loader, BenchmarkLoader.definition(name)));
        }
        return overlaps;
    }

    private BenchmarkOverlap with(BenchmarkLoader loader, BenchmarkDefinition definition)
            throws InvalidBenchmarkException {
        Map<String, List<String>> texts = new TreeMap<>();
        loader.scan(
                definition,
                problem -> texts.put(
                        problem.name(),
                        Stream.concat(Stream.of(problem.prompt()), problem.canonicalSolution().stream())
                                .toList()));
        return search.with(new BenchmarkText(definition.name(), texts));
    }
}
