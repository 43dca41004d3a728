package dev.fewbit.launcher.terminal;

import dev.fewbit.benchmark.BenchmarkListing;
import java.util.List;

/** Benchmarks for people: those that are here as a table, then what is to be done for each of the others. */
public final class BenchmarkTable {
    private static final int SHOWN_DIGITS = 12;

    private BenchmarkTable() {}

    /** Lines, the last one ended. */
    public static String of(List<BenchmarkListing> listings) {
        TextTable table = new TextTable();
        table.head(List.of("benchmark", "problems", "language", "size", "SHA-256", "revision", "licence"));
        StringBuilder broken = new StringBuilder();
        StringBuilder absent = new StringBuilder();
        for (BenchmarkListing listing : listings) {
            if (listing.available()) {
                table.row(List.of(
                        listing.name(),
                        Integer.toString(listing.problems()),
                        listing.language(),
                        Numbers.bytes(listing.bytes()),
                        listing.digest().substring(0, SHOWN_DIGITS),
                        shortened(listing.revision()),
                        listing.licence()));
            } else if (listing.found()) {
                broken.append("  %s: %s%n".formatted(listing.name(), listing.reason()));
            } else {
                absent.append("  %s: %s from %s%n".formatted(listing.name(), listing.file(), listing.origin()));
            }
        }
        return table.text()
                + under("Cannot be used:", broken)
                + under("Not here; which file to put into the data folder (--data DIR), and where to get it:", absent);
    }

    private static String under(String title, CharSequence lines) {
        return lines.isEmpty() ? "" : "%n%s%n%s".formatted(title, lines);
    }

    /** Forty digits of a commit tell no more than the first twelve. */
    private static String shortened(String revision) {
        return revision.replaceAll("\\b([0-9a-f]{12})[0-9a-f]{28}\\b", "$1");
    }
}
