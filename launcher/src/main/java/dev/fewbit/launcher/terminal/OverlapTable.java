package dev.fewbit.launcher.terminal;

import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import java.util.List;

/** What calibration text has in common with benchmarks, for people. */
public final class OverlapTable {
    private OverlapTable() {}

    /**
     * Lines, the last one ended.
     *
     * @param documents of the calibration text
     */
    public static String of(List<BenchmarkOverlap> overlaps, int documents) {
        TextTable table = new TextTable();
        table.head(List.of("benchmark", "problems", "shared", "documents of " + documents));
        StringBuilder examples = new StringBuilder();
        for (BenchmarkOverlap overlap : overlaps) {
            table.row(List.of(
                    overlap.benchmark(),
                    Integer.toString(overlap.problems()),
                    Integer.toString(overlap.sharedProblems()),
                    Integer.toString(overlap.sharedDocuments())));
            if (overlap.example() != null) {
                examples.append("  ")
                        .append(overlap.benchmark())
                        .append(": ")
                        .append(overlap.example())
                        .append('\n');
            }
        }
        return table.text() + (examples.isEmpty() ? "" : "\nTen words that both have, for example:\n" + examples);
    }
}
