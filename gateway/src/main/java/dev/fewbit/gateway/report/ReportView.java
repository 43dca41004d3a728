package dev.fewbit.gateway.report;

import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.StudyReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A report laid out for a person: a row an artifact, a column of pass@1 a benchmark.
 *
 * @param columns headings of the pass@1 columns
 * @param rows of the table
 * @param plots one a model
 * @param costs one a cell whose cost is known
 */
public record ReportView(
        StudyReport report, List<String> columns, List<Row> rows, List<PassAtOnePlot> plots, List<CostRow> costs) {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final double UNIT = 1024;
    private static final String NONE = "–";
    private static final String UNKNOWN = "not known";
    private static final double PERCENT = 100;
    private static final double MINUTE = 60;

    /**
     * An artifact's row. Sizes and times are text, rounded; {@code ...Exactly} has the number.
     *
     * @param startsModel the first row of its model
     * @param reduction of the stored size against the model's 16-bit file; a dash where there is none
     * @param scores by column, {@code null} where the cell is not done
     */
    public record Row(
            String model,
            boolean startsModel,
            int bits,
            String method,
            String calibration,
            String stored,
            String storedExactly,
            String resident,
            String residentExactly,
            String ideal,
            String idealExactly,
            String reduction,
            List<Score> scores,
            String samples,
            String quantize,
            String evaluate,
            boolean reused) {}

    /** pass@1 with its interval; {@code low} and {@code width} place the interval's bar, in percent of the cell. */
    public record Score(String value, String interval, String low, String width, String at) {}

    static ReportView of(StudyReport report) {
        List<ReportCell> cells = report.cells();
        Map<String, Long> benchmarksOf = cells.stream()
                .map(cell -> Map.entry(cell.language().label(), cell.benchmark()))
                .distinct()
                .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.counting()));
        List<String> columns = cells.stream()
                .map(cell -> column(cell, benchmarksOf))
                .distinct()
                .toList();
        Map<String, List<ReportCell>> models = cells.stream()
                .collect(Collectors.groupingBy(ReportCell::model, LinkedHashMap::new, Collectors.toList()));
        List<Row> rows = models.values().stream()
                .flatMap(ofModel -> {
                    OptionalLong baseline = ofModel.stream()
                            .filter(ReportCell::baseline)
                            .mapToLong(ReportCell::storedBytes)
                            .findFirst();
                    List<List<ReportCell>> artifacts = artifacts(ofModel);
                    return artifacts.stream()
                            .map(ofArtifact -> row(
                                    ofArtifact, columns, benchmarksOf, baseline, ofArtifact == artifacts.getFirst()));
                })
                .toList();
        List<PassAtOnePlot> plots = models.entrySet().stream()
                .map(model -> PassAtOnePlot.of(
                        model.getKey(),
                        model.getValue().stream()
                                .collect(Collectors.groupingBy(
                                        cell -> column(cell, benchmarksOf), LinkedHashMap::new, Collectors.toList()))))
                .toList();
        List<CostRow> costs = cells.stream()
                .filter(cell -> cell.cost() != null)
                .map(cell -> CostRow.of(cell, column(cell, benchmarksOf)))
                .toList();
        return new ReportView(report, columns, rows, plots, costs);
    }

    /** Whether there are sizes that nobody measured. */
    public boolean hasStated() {
        return report.cells().stream().anyMatch(ReportCell::stated);
    }

    /** How joules were measured and where the grid's intensity is from, each said once. */
    public String costNote() {
        List<GenerationCost> known = report.cells().stream()
                .map(ReportCell::cost)
                .filter(Objects::nonNull)
                .toList();
        String measured =
                known.stream().map(GenerationCost::measuredBy).distinct().collect(Collectors.joining("; or "));
        String grid = known.stream()
                .filter(cost -> cost.gridIntensity() != null)
                .map(cost ->
                        " Grid: " + format("%.0f", cost.gridIntensity()) + " g CO2e a kWh (" + cost.gridSource() + ").")
                .distinct()
                .collect(Collectors.joining());
        return measured + "." + grid;
    }

    /** Cells of one artifact share model, recipe and sizes; widest first. */
    private static List<List<ReportCell>> artifacts(List<ReportCell> cells) {
        return cells.stream()
                .collect(Collectors.groupingBy(
                        cell -> List.of(
                                cell.bits(), cell.method(), String.valueOf(cell.calibration()), cell.storedBytes()),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values()
                .stream()
                .sorted((a, b) ->
                        Integer.compare(b.getFirst().bits(), a.getFirst().bits()))
                .toList();
    }

    private static Row row(
            List<ReportCell> cells,
            List<String> columns,
            Map<String, Long> benchmarksOf,
            OptionalLong baseline,
            boolean startsModel) {
        ReportCell cell = cells.getFirst();
        Map<String, ReportCell> byColumn = cells.stream()
                .collect(Collectors.toMap(c -> column(c, benchmarksOf), c -> c, (first, second) -> first));
        return new Row(
                cell.model(),
                startsModel,
                cell.bits(),
                cell.method(),
                cell.calibration(),
                stored(cell),
                exactly(cell.storedBytes()),
                bytes(cell.residentBytes()),
                exactly(cell.residentBytes()),
                bytes(cell.idealBytes()),
                exactly(cell.idealBytes()),
                reduction(cell, baseline),
                columns.stream()
                        .map(column -> byColumn.containsKey(column) ? score(byColumn.get(column)) : null)
                        .toList(),
                samples(cells),
                cell.stated() ? NONE : seconds(cell.quantizeSeconds()),
                seconds(cells.stream().mapToDouble(ReportCell::evaluateSeconds).sum()),
                cells.stream().allMatch(ReportCell::reused));
    }

    private static Score score(ReportCell cell) {
        return new Score(
                format("%.3f", cell.passAt1()),
                format("%.3f to %.3f", cell.passAt1Low(), cell.passAt1High()),
                format("%.1f", cell.passAt1Low() * PERCENT),
                format("%.1f", (cell.passAt1High() - cell.passAt1Low()) * PERCENT),
                format("%.1f", cell.passAt1() * PERCENT));
    }

    private static String column(ReportCell cell, Map<String, Long> benchmarksOf) {
        String language = cell.language().label();
        return benchmarksOf.get(language) > 1 ? language + " · " + cell.benchmark() : language;
    }

    private static String samples(List<ReportCell> cells) {
        return cells.stream()
                .map(cell -> cell.problems() + " × " + cell.samplesPerProblem())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String reduction(ReportCell cell, OptionalLong baseline) {
        return baseline.isEmpty() || cell.baseline()
                ? NONE
                : format("%.1f %%", (1 - (double) cell.storedBytes() / baseline.getAsLong()) * PERCENT);
    }

    /** The stored size; one that nobody measured says so. */
    static String stored(ReportCell cell) {
        return bytes(cell.storedBytes()) + (cell.stated() ? " (stated)" : "");
    }

    static String bytes(Long bytes) {
        return bytes == null ? UNKNOWN : bytes(bytes.longValue());
    }

    private static String exactly(Long bytes) {
        return bytes == null ? UNKNOWN : bytes + " bytes";
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit < UNITS.length - 1) {
            value /= UNIT;
            unit++;
        }
        return unit == 0 ? bytes + " B" : format("%.2f %s", value, UNITS[unit]);
    }

    static String seconds(double seconds) {
        if (seconds < MINUTE) {
            return format("%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        long minute = Math.round(MINUTE);
        return format("%d min %02d s", whole / minute, whole % minute);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
