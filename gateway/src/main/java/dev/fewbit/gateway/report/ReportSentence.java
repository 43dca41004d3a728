package dev.fewbit.gateway.report;

import dev.fewbit.contracts.study.ReportCell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One sentence on what a table means, computed from its cells. It says where pass@1 lies, inside or outside of the 16-bit
 * interval, and never "equal" or "significant": the samples of two widths are paired by problem, so whether their intervals overlap
 * is no test of a difference. A width whose cells are not all there is not spoken of.
 */
final class ReportSentence {
    private static final double PERCENT = 100;

    private final Map<Bench, ReportCell> baseline;
    private final boolean severalBenchmarks;

    private ReportSentence(Map<Bench, ReportCell> baseline, boolean severalBenchmarks) {
        this.baseline = baseline;
        this.severalBenchmarks = severalBenchmarks;
    }

    /**
     * @param cells that are done
     * @param planned cells of the whole grid
     */
    static String of(List<ReportCell> cells, int planned) {
        String partly = cells.size() < planned ? "With " + cells.size() + " of " + planned + " cells done: " : "";
        List<String> clauses = new ArrayList<>();
        by(cells, ReportCell::model).forEach((model, ofModel) -> clauses.add("on " + model + ", " + model(ofModel)));
        String text = partly + String.join("; ", clauses) + ".";
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String model(List<ReportCell> cells) {
        Map<Bench, ReportCell> baseline = cells.stream()
                .filter(ReportCell::baseline)
                .collect(Collectors.toMap(Bench::of, cell -> cell, (first, second) -> first, LinkedHashMap::new));
        List<ReportCell> quantized =
                cells.stream().filter(cell -> !cell.baseline()).toList();
        if (baseline.isEmpty()) {
            return "no 16-bit cell is there to compare with, so nothing is said about loss";
        }
        long languages =
                baseline.keySet().stream().map(Bench::language).distinct().count();
        ReportSentence sentence = new ReportSentence(baseline, baseline.size() > languages);
        if (quantized.isEmpty()) {
            return "16 bits reach pass@1 of "
                    + baseline.values().stream()
                            .map(cell -> format("%.3f in %s", cell.passAt1(), sentence.label(cell)))
                            .collect(Collectors.joining(" and "))
                    + ", and there is no narrower width to compare with";
        }
        List<String> clauses = new ArrayList<>();
        by(quantized, cell -> cell.calibration() == null ? cell.method() : cell.method() + " on " + cell.calibration())
                .forEach((method, ofMethod) -> clauses.add(sentence.method(method, ofMethod)));
        return String.join("; ", clauses);
    }

    private String method(String method, List<ReportCell> cells) {
        TreeMap<Integer, List<ReportCell>> widths = new TreeMap<>(Comparator.reverseOrder());
        by(cells, ReportCell::bits).forEach((bits, ofWidth) -> {
            if (ofWidth.stream().map(Bench::of).collect(Collectors.toSet()).containsAll(baseline.keySet())) {
                widths.put(bits, ofWidth);
            }
        });
        if (widths.isEmpty()) {
            return "no width of " + method + " is complete enough to compare with 16 bits";
        }
        List<Integer> together = new ArrayList<>();
        Optional<Integer> apart = Optional.empty();
        for (Map.Entry<Integer, List<ReportCell>> width : widths.entrySet()) {
            if (width.getValue().stream().allMatch(this::isInside)) {
                together.add(width.getKey());
            } else {
                apart = Optional.of(width.getKey());
                break;
            }
        }
        List<String> parts = new ArrayList<>();
        if (!together.isEmpty()) {
            parts.add(together(method, together, widths));
        }
        apart.ifPresent(bits -> parts.add(apart(method, bits, widths.get(bits), together.isEmpty())));
        apart.filter(bits -> !bits.equals(widths.lastKey()))
                .map(bits -> widths.lastKey())
                .filter(bits -> !widths.get(bits).stream().allMatch(this::isInside))
                .ifPresent(bits -> parts.add("at " + bits + " bits " + differences(widths.get(bits))));
        return String.join("; ", parts);
    }

    private String together(String method, List<Integer> bits, TreeMap<Integer, List<ReportCell>> widths) {
        int narrowest = bits.getLast();
        double farthest = bits.stream()
                .flatMap(width -> widths.get(width).stream())
                .mapToDouble(cell -> Math.abs(difference(cell)))
                .max()
                .orElseThrow();
        double share = widths.get(narrowest).stream()
                .mapToDouble(cell -> (double) cell.storedBytes()
                        / baseline.get(Bench.of(cell)).storedBytes())
                .max()
                .orElseThrow();
        String which = bits.size() == 1 ? "at " : "down to ";
        return which
                + format(
                        "%d bits (%s) pass@1 lies inside the 95 %% interval of 16 bits in %s, at most %.1f points off, "
                                + "at %.0f %% of the stored size",
                        narrowest,
                        method,
                        baseline.values().stream().map(this::label).collect(Collectors.joining(" and ")),
                        farthest * PERCENT,
                        share * PERCENT);
    }

    private String apart(String method, int bits, List<ReportCell> cells, boolean isWidest) {
        return isWidest
                ? "already at " + bits + " bits (" + method + ") pass@1 lies outside the 95 % interval of 16 bits: "
                        + differences(cells)
                : "at " + bits + " bits it lies outside: " + differences(cells);
    }

    /** Of the benchmarks where pass@1 lies outside the 16-bit interval. */
    private String differences(List<ReportCell> cells) {
        return cells.stream()
                .filter(cell -> !isInside(cell))
                .map(cell -> format(
                        "%.1f points %s in %s",
                        Math.abs(difference(cell)) * PERCENT, difference(cell) < 0 ? "lower" : "higher", label(cell)))
                .collect(Collectors.joining(" and "));
    }

    private boolean isInside(ReportCell cell) {
        ReportCell base = baseline.get(Bench.of(cell));
        return base == null || cell.passAt1() >= base.passAt1Low() && cell.passAt1() <= base.passAt1High();
    }

    private double difference(ReportCell cell) {
        ReportCell base = baseline.get(Bench.of(cell));
        return base == null ? 0 : cell.passAt1() - base.passAt1();
    }

    private String label(ReportCell cell) {
        return severalBenchmarks
                ? cell.language().label() + " (" + cell.benchmark() + ")"
                : cell.language().label();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static <K> Map<K, List<ReportCell>> by(Collection<ReportCell> cells, Function<ReportCell, K> key) {
        return cells.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    /** What two cells must share to be compared. */
    private record Bench(String language, String benchmark) {
        static Bench of(ReportCell cell) {
            return new Bench(cell.language().label(), cell.benchmark());
        }
    }
}
