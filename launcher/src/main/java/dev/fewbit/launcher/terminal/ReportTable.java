package dev.fewbit.launcher.terminal;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.StudyReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A report as text: a row an artifact, pass@1 of each benchmark beside the three sizes. */
public final class ReportTable {
    private static final double PERCENT = 100;

    private ReportTable() {}

    /** The sentence, the table, and what its columns mean. */
    public static String render(StudyReport report) {
        Map<Artifact, Map<String, ReportCell>> rows = new LinkedHashMap<>();
        Map<String, String> columns = new TreeMap<>((a, b) -> b.compareTo(a));
        for (ReportCell cell : report.cells()) {
            String benchmark = cell.language().label() + " " + cell.benchmark();
            columns.put(benchmark, heading(report, cell));
            rows.computeIfAbsent(Artifact.of(cell), key -> new LinkedHashMap<>())
                    .put(benchmark, cell);
        }
        boolean models = rows.keySet().stream().map(Artifact::model).distinct().count() > 1;
        boolean calibrated = rows.keySet().stream().anyMatch(artifact -> artifact.calibration() != null);

        TextTable table = new TextTable();
        List<String> head = new ArrayList<>();
        if (models) {
            head.add("model");
        }
        head.addAll(List.of("bits", "method"));
        if (calibrated) {
            head.add("calibration");
        }
        head.addAll(List.of("stored", "vs 16 bits", "resident", "ideal"));
        head.addAll(columns.values());
        head.addAll(List.of("problems × samples", "quantize", "evaluate"));
        table.head(head);
        rows.forEach((artifact, cells) -> {
            List<String> row = new ArrayList<>();
            if (models) {
                row.add(artifact.model());
            }
            row.addAll(List.of(Integer.toString(artifact.bits()), artifact.method()));
            if (calibrated) {
                row.add(Objects.toString(artifact.calibration(), "–"));
            }
            ReportCell any = cells.values().iterator().next();
            row.addAll(List.of(
                    Numbers.bytes(any.storedBytes()),
                    reduction(report, any),
                    Numbers.bytes(any.residentBytes()),
                    Numbers.bytes(any.idealBytes())));
            columns.keySet().forEach(benchmark -> row.add(passAt1(cells.get(benchmark))));
            row.add(cells.values().stream()
                    .map(cell -> cell.problems() + " × " + cell.samplesPerProblem())
                    .distinct()
                    .collect(Collectors.joining(", ")));
            row.add(any.quantizeSeconds() > 0 ? Numbers.seconds(any.quantizeSeconds()) : "–");
            row.add(Numbers.seconds(cells.values().stream()
                    .mapToDouble(ReportCell::evaluateSeconds)
                    .sum()));
            table.row(row);
        });
        return report.sentence() + "\n\n" + table.text() + """

                pass@1 with its 95 % interval over problems; problems × samples hold for each language.
                stored: the files; resident: the weights as ONNX Runtime holds them on CPU in mode exact (8 bits and more as fp32, fewer as
                4 bits); ideal: codes, scales and zero points. Seconds are of the work when it was done, one thing after another.
                """;
    }

    /** Whether nothing of the grid had to be computed. */
    public static boolean allReused(StudyReport report) {
        return report.cells().stream().allMatch(ReportCell::reused);
    }

    private static String heading(StudyReport report, ReportCell cell) {
        boolean alone = report.cells().stream()
                        .filter(other -> other.language() == cell.language())
                        .map(ReportCell::benchmark)
                        .distinct()
                        .count()
                == 1;
        return cell.language().label() + (alone ? " pass@1" : " pass@1, " + cell.benchmark());
    }

    private static String passAt1(ReportCell cell) {
        return cell == null
                ? "–"
                : String.format(
                        Locale.ROOT, "%.3f [%.3f, %.3f]", cell.passAt1(), cell.passAt1Low(), cell.passAt1High());
    }

    private static String reduction(StudyReport report, ReportCell cell) {
        if (cell.bits() == Recipe.BASELINE_BITS) {
            return "–";
        }
        return report.cells().stream()
                .filter(other ->
                        other.bits() == Recipe.BASELINE_BITS && other.model().equals(cell.model()))
                .findFirst()
                .map(base -> String.format(
                        Locale.ROOT, "−%.1f %%", PERCENT * (1 - (double) cell.storedBytes() / base.storedBytes())))
                .orElse("no baseline");
    }

    private record Artifact(String model, int bits, String method, String calibration) {
        static Artifact of(ReportCell cell) {
            return new Artifact(cell.model(), cell.bits(), cell.method().label(), cell.calibration());
        }
    }
}
