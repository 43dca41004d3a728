package dev.fewbit.launcher.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fewbit study run FILE}. */
@Command(
        name = "run",
        description = {
            "Run a study on a stack of its own and print its table.",
            "",
            "Starts PostgreSQL, a Kafka broker and the four services as child processes, submits the study through the gateway's "
                    + "HTTP API, shows progress on standard error, writes report.json, report.html and samples.jsonl to DIR, "
                    + "and stops everything. Ctrl-C stops cleanly; the same command goes on later.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit study run studies/quickstart.yaml",
            "  ./fewbit study run mine.yaml --out runs/mine --samples 5 --json > report.json",
            "",
            "Relative paths in FILE start at the current directory where it has such a file, else at the installation.",
            "Exit status: 0 done, 1 failed, 2 wrong usage or study, 130 interrupted."
        })
final class StudyRunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The study, YAML or JSON.")
    private Path file;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws InterruptedException {
        new StudyRunner().run(file, options, null);
        return 0;
    }
}
