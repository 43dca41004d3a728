package dev.fewbit.launcher.cli;

import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.extraction.Cleaning;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.replay.Replay;
import dev.fewbit.launcher.replay.ReplayReport;
import dev.fewbit.launcher.terminal.ReplayDisplay;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit replay}. */
@Command(
        name = "replay",
        description = {
            "Execute completions from elsewhere in the jail and count their verdicts.",
            "",
            "Each program is put together as the benchmark's own harness does it. Samples may be human-eval JSONL (task_id, "
                    + "completion), EvalPlus solutions (task_id, solution, or a folder of programs), a folder of MultiPL-E's files, "
                    + "bigcode generations or Fewbit's own samples.jsonl, packed by gzip or not; what a file holds tells which.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit replay --samples samples.jsonl --benchmark humaneval --data benchmarks",
            "  ./fewbit replay --samples java/ --benchmark multipl-e-humaneval-java --data benchmarks --out verdicts.jsonl --json",
            "",
            "Exit status: 0 every sample has a verdict, 1 the sandbox failed or cannot run the language, 2 wrong usage or samples."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final String TERMINAL_PROPERTY = "fewbit.terminal";
    private static final double PERCENT = 100;

    @Option(names = "--samples", required = true, paramLabel = "PATH", description = "A file or folder of samples.")
    private Path samples;

    @Option(
            names = "--benchmark",
            required = true,
            paramLabel = "NAME",
            description = "A name that ./fewbit benchmarks lists.")
    private String benchmark;

    @Mixin
    private BenchmarkData data;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write a line of JSON a sample. A run that was stopped goes on from FILE.part.")
    private Path out;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "CPU time of a program instead of the benchmark's own limit; three times as much by the clock.")
    private Duration timeout;

    @Option(
            names = "--cut",
            description =
                    "Cut completions at the benchmark's stop tokens also where its own harness does not (HumanEval, MBPP, EvalPlus).")
    private boolean cut;

    @Option(
            names = "--clean",
            paramLabel = "C",
            split = ",",
            converter = CleaningConverter.class,
            description =
                    "Clean answers first: fences (the first fenced block alone), first-function (nothing behind the function that "
                            + "the prompt asks for).")
    private List<Cleaning> cleanings = List.of();

    @Option(names = "--parallel", paramLabel = "N", description = "Programs at once. Default: one a core.")
    private Integer parallel;

    @Option(
            names = "--json",
            description = "Print a JSON object: total, verdicts, passAt1 and so on, perProblem with n, c and verdicts.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        int programs = parallel == null ? Runtime.getRuntime().availableProcessors() : parallel;
        if (programs < 1) {
            throw LauncherException.usage("--parallel is " + programs + "; allowed: at least 1");
        }
        BenchmarkLoader loader = new BenchmarkLoader(Installation.current().root(), data.folder());
        Replay.Order order = new Replay.Order(benchmark, samples, out, timeout, cut, cleanings, programs);
        ReplayDisplay display = new ReplayDisplay(System.err, Boolean.getBoolean(TERMINAL_PROPERTY), Clock.systemUTC());
        ReplayReport report;
        try {
            report = new Replay(loader, order, display).run();
        } finally {
            display.clear();
        }
        print(report);
        if (report.faults() > 0) {
            throw LauncherException.failed(report.faults() + " of " + report.total()
                    + " samples have no verdict: the sandbox failed, not they; run it again"
                    + (out == null ? "" : ", with the same --out only they run"));
        }
        return 0;
    }

    private void print(ReplayReport report) {
        System.out.print(json ? JsonText.of(report.fields()) : text(report));
        System.out.flush();
    }

    static String text(ReplayReport report) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %d samples (%s), %d passed%n",
                report.benchmark(),
                report.total(),
                report.format(),
                report.passed()));
        report.verdicts()
                .forEach((verdict, count) -> text.append(String.format(Locale.ROOT, "  %-20s %d%n", verdict, count)));
        report.passAtEach()
                .forEach((k, estimate) ->
                        text.append(String.format(Locale.ROOT, "  pass@%-15d %.2f %%%n", k, PERCENT * estimate)));
        return text.toString();
    }
}
