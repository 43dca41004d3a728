package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.LauncherException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on standard error and an exit status. Stack traces go to the log. */
final class FailureReporter {
    private FailureReporter() {}

    static int usage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("fewbit: " + oneLine(failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try: ./" + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return LauncherException.USAGE;
    }

    static int failure(Exception failure, CommandLine command, ParseResult result) {
        PrintWriter err = command.getErr();
        int status = LauncherException.FAILED;
        boolean explained = false;
        if (failure instanceof LauncherException known) {
            err.println("fewbit: " + oneLine(known.getMessage()));
            status = known.exitCode();
            explained = known.getCause() == null;
        } else {
            unexpected(failure, err);
        }
        log(explained ? null : failure, failure.getMessage());
        err.flush();
        return status;
    }

    /** The JVM itself gave up. */
    static int error(Error failure, CommandLine command) {
        PrintWriter err = command.getErr();
        unexpected(failure, err);
        log(failure, failure.getMessage());
        err.flush();
        return LauncherException.FAILED;
    }

    private static void unexpected(Throwable failure, PrintWriter err) {
        err.println("fewbit: unexpected failure, please report it: " + oneLine(failure.toString()) + "; see "
                + LogFile.location());
    }

    private static void log(Throwable cause, String message) {
        LoggerFactory.getLogger(FailureReporter.class).atError().setCause(cause).log("command failed: " + message);
    }

    private static String oneLine(String message) {
        return message == null
                ? "no reason given"
                : String.join(" ", message.lines().map(String::strip).toList());
    }
}
