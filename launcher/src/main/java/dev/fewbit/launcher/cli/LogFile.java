package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Where the launcher's own log goes: a data directory's {@code logs/launcher.log}, or the installation's when there is none. */
final class LogFile {
    private static final String LINE = "java.util.logging.SimpleFormatter.format";
    private static final Logger ROOT = Logger.getLogger("");
    private static final String NAME = "launcher.log";

    private static Path location = Path.of("(no log)");

    private LogFile() {}

    /** Sends the log to the installation's own file; commands without a data directory use this. */
    static void ofInstallation() {
        to(Installation.current().cache().resolve("logs"));
    }

    /** Sends the log to {@code launcher.log} in {@code directory}. Nothing of it reaches the terminal. */
    static void to(Path directory) {
        System.setProperty(LINE, "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s %5$s%6$s%n");
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        try {
            Files.createDirectories(directory);
            FileHandler file = new FileHandler(directory.resolve(NAME).toString(), true);
            file.setFormatter(new SimpleFormatter());
            ROOT.addHandler(file);
            ROOT.setLevel(Level.INFO);
            location = directory.resolve(NAME);
        } catch (IOException e) {
            // A log that cannot be written must not keep the command from running; failures still print their line.
            ROOT.setLevel(Level.OFF);
            location = Path.of("(no log: " + e.getMessage() + ")");
        }
    }

    static Path location() {
        return location;
    }
}
