package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.stack.Stack;
import dev.fewbit.launcher.study.GatewayClient;
import dev.fewbit.launcher.study.ResultFiles;
import dev.fewbit.launcher.study.StudyFile;
import dev.fewbit.launcher.study.StudyRun;
import dev.fewbit.launcher.supervisor.MemoryGauge;
import dev.fewbit.launcher.terminal.ProgressDisplay;
import dev.fewbit.launcher.terminal.ReportTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalInt;

/** Runs one study on a stack of its own, from the study's file to its table. */
final class StudyRunner {
    /** Set by the script: whether standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "fewbit.terminal";

    private final Installation installation = Installation.current();
    private final PrintStream out = System.out;
    private final ProgressDisplay display =
            new ProgressDisplay(System.err, Boolean.getBoolean(TERMINAL_PROPERTY), Clock.systemUTC());

    void run(Path file, RunOptions options, String defaultDirectory) throws InterruptedException {
        Instant begun = Instant.now();
        Path here = Path.of("").toAbsolutePath();
        OptionalInt samples = options.samples == null ? OptionalInt.empty() : OptionalInt.of(options.samples);
        StudyFile study = StudyFile.read(file, samples, installation.root(), here, options.data.folder());
        Path directory = options.out != null
                ? options.out
                : Path.of("runs", defaultDirectory == null ? study.slug() : defaultDirectory);
        Stack stack = new Stack(installation, directory, OptionalInt.empty(), options.data.in(System.getenv()));
        LogFile.to(stack.directory().logs());
        RunningStack.run(
                stack, this::announceStop, RunningStack.INTERRUPTED, () -> follow(study, stack, options, begun));
    }

    private void follow(StudyFile study, Stack stack, RunOptions options, Instant begun) throws InterruptedException {
        display.say(String.format(
                Locale.ROOT,
                "Ready after %.1f s: %s; everything is in %s",
                Duration.between(begun, Instant.now()).toMillis() / 1000.0,
                stack.gateway(),
                stack.directory().root()));
        try (GatewayClient gateway = new GatewayClient(stack.gateway());
                MemoryGauge memory = MemoryGauge.start()) {
            StudyRun run = new StudyRun(gateway, stack::failure, Clock.systemUTC());
            StudyRun.Submission submission = run.submit(study);
            if (submission.goesOn()) {
                display.say("Going on with study " + submission.view().id() + ", "
                        + submission.view().cellsDone() + " of "
                        + submission.view().cells() + " cells done.");
            }
            StudyView finished = run.follow(submission.view(), display::show);
            ResultFiles files = new ResultFiles(stack.directory().root());
            StudyReport report = run.results(finished, files);
            Duration took = Duration.between(begun, Instant.now());
            print(report, files, options.json, summary(report, took, memory));
        }
    }

    private String summary(StudyReport report, Duration took, MemoryGauge memory) {
        String work = ReportTable.allReused(report)
                ? "Every cell is reused from an earlier run; nothing was recomputed."
                : display.pace();
        return String.format(
                Locale.ROOT,
                "%s%nTook %.1f s with start-up; at most %.2f GiB of memory, all processes together.",
                work,
                took.toMillis() / 1000.0,
                memory.peakBytes() / (double) (1 << 30));
    }

    private void print(StudyReport report, ResultFiles files, boolean json, String summary) {
        if (json) {
            try {
                out.println(Files.readString(files.reportFile()).strip());
            } catch (IOException e) {
                throw LauncherException.failed(files.reportFile() + " cannot be read: " + e.getMessage(), e);
            }
            display.say(summary);
            return;
        }
        out.println();
        out.print(ReportTable.render(report));
        out.println(summary);
        out.printf("%s%n%s%n%s%n", files.reportFile(), files.pageFile(), files.samplesFile());
        out.flush();
    }

    private void announceStop() {
        display.say("");
        display.say("Interrupted: stopping everything in order. Run the same command again to go on.");
        display.silence();
    }
}
