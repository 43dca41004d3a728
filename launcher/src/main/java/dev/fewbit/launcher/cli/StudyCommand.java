package dev.fewbit.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fewbit study}: groups the commands on studies. */
@Command(
        name = "study",
        description = "Run a study: a grid of checkpoints × recipes × benchmarks.",
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        subcommands = StudyRunCommand.class)
final class StudyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: run");
    }
}
