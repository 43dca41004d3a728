package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.generation.GenerationRun;
import dev.fewbit.launcher.replay.Replay;
import dev.fewbit.launcher.replay.ReplayReport;
import dev.fewbit.launcher.terminal.ReplayDisplay;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit evaluate}. */
@Command(
        name = "evaluate",
        description = {
            "Let an artifact write programs for a benchmark, execute them in the jail and print pass@k.",
            "",
            "One machine, no services. DIR gets samples.jsonl, verdicts.jsonl and evaluation.json; the same command goes on where it "
                    + "was stopped, and does nothing twice. A grid of artifacts and benchmarks is a study: ./fewbit study run.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExample:%n",
        footer = {
            "  ./fewbit evaluate --artifact artifact --benchmark humaneval --data ~/benchmarks --preset greedy --out runs/humaneval",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final String TERMINAL_PROPERTY = "fewbit.terminal";

    @Mixin
    private GenerationOptions generation;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Made if it is not there.")
    private Path out;

    @Option(names = "--parallel", paramLabel = "N", description = "Programs at once. Default: one a core.")
    private int parallel = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print evaluation.json.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (parallel < 1) {
            throw LauncherException.usage("--parallel is " + parallel + "; allowed: at least 1");
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw LauncherException.usage("--out is " + out + ", which cannot be made: " + e.getMessage());
        }
        Path samples = out.resolve("samples.jsonl");
        GenerationRun run = generation.generate(samples);
        ReplayReport report = replay(samples);
        if (report.faults() > 0) {
            throw LauncherException.failed(report.faults() + " of " + report.total()
                    + " samples have no verdict: the sandbox failed, not they; run it again, only they run");
        }
        Map<String, Object> evaluation = new LinkedHashMap<>(report.fields());
        evaluation.put("generation", run);
        write(out.resolve("evaluation.json"), JsonText.of(evaluation));
        System.out.print(
                json ? JsonText.of(evaluation) : GenerateCommand.text(samples, run) + ReplayCommand.text(report));
        System.out.flush();
        return 0;
    }

    private ReplayReport replay(Path samples) throws InterruptedException {
        ReplayDisplay display = new ReplayDisplay(System.err, Boolean.getBoolean(TERMINAL_PROPERTY), Clock.systemUTC());
        try {
            return new Replay(
                            generation.loader(),
                            new Replay.Order(
                                    generation.benchmark(),
                                    samples,
                                    out.resolve("verdicts.jsonl"),
                                    null,
                                    false,
                                    List.of(),
                                    parallel),
                            display)
                    .run();
        } finally {
            display.clear();
        }
    }

    private static void write(Path file, String text) {
        try {
            DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LauncherException.failed(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
