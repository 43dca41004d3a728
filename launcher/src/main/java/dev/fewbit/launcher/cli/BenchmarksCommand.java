package dev.fewbit.launcher.cli;

import dev.fewbit.benchmark.BenchmarkCatalog;
import dev.fewbit.benchmark.BenchmarkListing;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.terminal.BenchmarkTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit benchmarks}. */
@Command(
        name = "benchmarks",
        description = {
            "List the benchmarks that studies can name: which are here, how large, of which revision, and where to put the others.",
            "",
            "Every file is read to its end and checked. The repository ships the reference model's benchmark only; the others",
            "come from their authors, under their licences.",
            ""
        },
        subcommands = BenchmarksOverlapCommand.class,
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit benchmarks --data ~/benchmarks",
            "  ./fewbit benchmarks --data ~/benchmarks --json",
            "  ./fewbit benchmarks overlap --calibration texts.jsonl --data ~/benchmarks",
            "",
            "Exit status: 0 done, also when files are missing or broken; 2 wrong usage."
        })
final class BenchmarksCommand implements Callable<Integer> {
    @Mixin
    private BenchmarkData data;

    @Option(names = "--json", description = "Print a JSON list instead of a table.")
    private boolean json;

    @Override
    public Integer call() {
        List<BenchmarkListing> listings =
                BenchmarkCatalog.list(new BenchmarkLoader(Installation.current().root(), data.folder()));
        System.out.print(json ? JsonText.of(listings) : BenchmarkTable.of(listings));
        System.out.flush();
        return 0;
    }
}
