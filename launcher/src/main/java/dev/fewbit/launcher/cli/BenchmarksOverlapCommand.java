package dev.fewbit.launcher.cli;

import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.benchmark.CalibrationOverlap;
import dev.fewbit.launcher.terminal.OverlapTable;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.calibration.TextDocument;
import dev.fewbit.quantizer.calibration.TextDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit benchmarks overlap}. */
@Command(
        name = "overlap",
        description = {
            "Report which ten-word sequences of a calibration text occur in the prompts and solutions of benchmarks.",
            "",
            "Words are runs of letters and digits in lower case. The same search is behind what quantize writes into fewbit.json.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExample:%n",
        footer = {
            "  ./fewbit benchmarks overlap --calibration texts.jsonl.gz --data ~/benchmarks --benchmark humaneval mbpp",
            "",
            "Exit status: 0 done, whatever was found; 1 a benchmark or the text cannot be read; 2 wrong usage."
        })
final class BenchmarksOverlapCommand implements Callable<Integer> {
    @Option(
            names = "--calibration",
            required = true,
            paramLabel = "FILE",
            description = "JSONL with a text field, packed with gzip or not, or a folder of source files.")
    private Path calibration;

    @Mixin
    private BenchmarkData data;

    @Option(
            names = "--benchmark",
            paramLabel = "NAME",
            arity = "1..*",
            description = "Benchmarks to look at. Default: all whose files are there.")
    private List<String> names = List.of();

    @Option(names = "--json", description = "Print a JSON list instead of a table.")
    private boolean json;

    /** A name that is not known is wrong usage; a file that is missing is a failure. */
    private void requireKnown() {
        for (String name : names) {
            try {
                BenchmarkLoader.definition(name);
            } catch (InvalidBenchmarkException e) {
                throw LauncherException.usage("--benchmark: " + e.getMessage());
            }
        }
    }

    @Override
    public Integer call() {
        requireKnown();
        try {
            BenchmarkLoader loader = new BenchmarkLoader(Installation.current().root(), data.folder());
            List<TextDocument> documents = TextDocuments.read(calibration);
            List<BenchmarkOverlap> overlaps = new CalibrationOverlap(documents)
                    .with(loader, names, line -> System.err.println("fewbit: " + line));
            System.out.print(json ? JsonText.of(overlaps) : OverlapTable.of(overlaps, documents.size()));
            System.out.flush();
            return 0;
        } catch (InvalidBenchmarkException | QuantizationException e) {
            throw LauncherException.failed(e.getMessage());
        }
    }
}
