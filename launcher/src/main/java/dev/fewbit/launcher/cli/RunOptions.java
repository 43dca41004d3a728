package dev.fewbit.launcher.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that {@code quickstart} and {@code study run} share. */
final class RunOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Holds all of the run: database, broker, artifacts, logs, results. A new directory starts from nothing; "
                            + "the same one goes on where it was and reuses what it has. Default: runs/NAME, NAME made from the study's name.")
    Path out;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Samples a problem, instead of the number in the study file.")
    Integer samples;

    @Mixin
    BenchmarkData data;

    @Option(names = "--json", description = "Print report.json to standard output instead of the table.")
    boolean json;
}
