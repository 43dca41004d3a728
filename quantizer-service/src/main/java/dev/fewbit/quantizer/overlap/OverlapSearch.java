package dev.fewbit.quantizer.overlap;

import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.quantizer.calibration.TextDocument;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for the ten-word sequences of some documents in benchmarks. */
public final class OverlapSearch {
    /** The documents that have a sequence, by the sequence. */
    private final Map<String, Set<String>> documents = new HashMap<>();

    public OverlapSearch(List<TextDocument> texts) {
        for (TextDocument text : texts) {
            WordSequences.of(
                    text.text(),
                    sequence -> documents
                            .computeIfAbsent(sequence, absent -> new HashSet<>(1))
                            .add(text.name()));
        }
    }

    /** What the documents have in common with {@code benchmark}. */
    public BenchmarkOverlap with(BenchmarkText benchmark) {
        Set<String> sharedProblems = new HashSet<>();
        Set<String> sharedDocuments = new HashSet<>();
        String[] example = new String[1];
        benchmark.problems().forEach((problem, texts) -> {
            for (String text : texts) {
                WordSequences.of(text, sequence -> {
                    Set<String> found = documents.get(sequence);
                    if (found != null) {
                        sharedProblems.add(problem);
                        sharedDocuments.addAll(found);
                        if (example[0] == null) {
                            String document =
                                    found.stream().min(String::compareTo).orElseThrow();
                            example[0] = document + " and " + problem + ": " + sequence;
                        }
                    }
                });
            }
        });
        return new BenchmarkOverlap(
                benchmark.name(),
                benchmark.digest(),
                benchmark.problems().size(),
                sharedProblems.size(),
                sharedDocuments.size(),
                example[0]);
    }
}
