package dev.fewbit.gateway.report;

import dev.fewbit.contracts.study.ReportCell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * pass@1 against stored bytes, as the places of an SVG's marks in its own units. Both axes start at 0: a small loss looks
 * small.
 *
 * @param model it shows
 * @param description what it shows, in words, for who cannot see it
 * @param series one a benchmark
 * @param methods that weights were quantized by, told by their marks and lines; empty when there is one
 * @param xTicks along stored bytes
 * @param yTicks along pass@1
 */
public record PassAtOnePlot(
        String model,
        String description,
        List<Series> series,
        List<MethodKey> methods,
        List<Tick> xTicks,
        List<Tick> yTicks) {
    public static final int WIDTH = 720;
    public static final int HEIGHT = 340;
    public static final int LEFT = 52;
    public static final int RIGHT = 700;
    public static final int TOP = 34;
    public static final int BOTTOM = 286;

    private static final int COLOURS = 6;
    private static final int STYLES = 4;
    /** Between the series' marks of one artifact, so that their intervals stand side by side. */
    private static final double DODGE = 9;

    private static final double LABEL_ABOVE = 15;
    private static final int Y_TICKS = 5;
    private static final int MOST_X_TICKS = 6;
    private static final double MIB = 1024.0 * 1024.0;

    /**
     * @param label of the benchmark
     * @param colour number of the CSS variable, from 1
     * @param lines one a method, from its points to the 16-bit one
     */
    public record Series(String label, int colour, List<Line> lines, List<Point> points) {}

    /** A path, in the style of its method. */
    public record Line(String path, int style) {}

    /**
     * A cell: its place, the ends of its interval, where its width is written, the style of its method, and what its tooltip says. The width is
     * empty where another artifact of the same size has it already.
     */
    public record Point(
            String x, String y, String low, String high, String label, String bits, int style, String title) {}

    /** What a style stands for. */
    public record MethodKey(String label, int style) {}

    /** A mark on an axis. */
    public record Tick(String at, String label) {}

    /** The plot of one model; {@code cells} by benchmark. */
    static PassAtOnePlot of(String model, Map<String, List<ReportCell>> cells) {
        double largest = cells.values().stream()
                .flatMap(List::stream)
                .mapToLong(ReportCell::storedBytes)
                .max()
                .orElseThrow();
        double step = step(largest / MIB);
        double end = Math.ceil(largest / MIB / step * 1.02) * step * MIB;
        List<String> methods = cells.values().stream()
                .flatMap(List::stream)
                .filter(cell -> !cell.baseline())
                .map(PassAtOnePlot::method)
                .distinct()
                .toList();
        List<Series> series = new ArrayList<>();
        for (Map.Entry<String, List<ReportCell>> entry : cells.entrySet()) {
            double dodge = (series.size() - (cells.size() - 1) / 2.0) * DODGE;
            series.add(series(entry.getKey(), series.size(), entry.getValue(), methods, end, dodge));
        }
        List<Tick> xTicks = new ArrayList<>();
        for (int i = 0; i * step * MIB <= end * 1.0001; i++) {
            xTicks.add(new Tick(number(x(i * step * MIB, end)), trimmed(i * step)));
        }
        List<Tick> yTicks = new ArrayList<>();
        for (int i = 0; i <= Y_TICKS; i++) {
            double value = (double) i / Y_TICKS;
            yTicks.add(new Tick(number(y(value)), String.format(Locale.ROOT, "%.1f", value)));
        }
        String description = "pass@1 of " + model + " with 95 % intervals against the stored size in MiB, for "
                + String.join(" and ", cells.keySet()) + "; the table has the numbers";
        List<MethodKey> keys = methods.size() < 2
                ? List.of()
                : methods.stream()
                        .map(method -> new MethodKey(method, style(methods, method)))
                        .toList();
        return new PassAtOnePlot(model, description, series, keys, xTicks, yTicks);
    }

    private static String method(ReportCell cell) {
        return cell.calibration() == null ? cell.method() : cell.method() + " on " + cell.calibration();
    }

    /** From 1; the 16-bit model has the first. */
    private static int style(List<String> methods, String method) {
        return Math.max(0, methods.indexOf(method)) % STYLES + 1;
    }

    private static Series series(
            String label, int index, List<ReportCell> cells, List<String> methods, double end, double dodge) {
        List<ReportCell> bySize = cells.stream()
                .sorted(Comparator.comparingLong(ReportCell::storedBytes))
                .toList();
        List<Point> points = new ArrayList<>();
        Set<String> labelled = new HashSet<>();
        for (ReportCell cell : bySize) {
            String x = number(x(cell.storedBytes(), end) + dodge);
            points.add(new Point(
                    x,
                    number(y(cell.passAt1())),
                    number(y(cell.passAt1Low())),
                    number(y(cell.passAt1High())),
                    number(TOP - LABEL_ABOVE),
                    labelled.add(x + " " + cell.bits()) ? Integer.toString(cell.bits()) : "",
                    style(methods, method(cell)),
                    String.format(
                            Locale.ROOT,
                            "%s, %d bits (%s): pass@1 %.3f (%.3f to %.3f), %s stored",
                            label,
                            cell.bits(),
                            method(cell),
                            cell.passAt1(),
                            cell.passAt1Low(),
                            cell.passAt1High(),
                            ReportView.stored(cell))));
        }
        List<Line> lines = new ArrayList<>();
        for (String method : methods) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < points.size(); i++) {
                ReportCell cell = bySize.get(i);
                if (cell.baseline() || method(cell).equals(method)) {
                    path.append(path.isEmpty() ? "M" : "L")
                            .append(points.get(i).x())
                            .append(' ')
                            .append(points.get(i).y());
                }
            }
            lines.add(new Line(path.toString(), style(methods, method)));
        }
        return new Series(label, index % COLOURS + 1, lines, points);
    }

    private static double x(double bytes, double end) {
        return LEFT + bytes / end * (RIGHT - LEFT);
    }

    private static double y(double passAt1) {
        return BOTTOM - passAt1 * (BOTTOM - TOP);
    }

    /** The smallest of 1, 2, 5 × a power of ten that needs no more ticks than there is room for. */
    private static double step(double largest) {
        double power = Math.pow(10, Math.floor(Math.log10(largest / MOST_X_TICKS)));
        for (double factor : new double[] {1, 2, 5}) {
            if (largest / (factor * power) <= MOST_X_TICKS) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String trimmed(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value).replaceAll("0+$", "");
    }
}
