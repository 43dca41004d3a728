package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Text that the user named on the command line. */
final class TextFile {
    private TextFile() {}

    /** @throws LauncherException as a usage error when it cannot be read; the message names the file */
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw LauncherException.usage(file + ": no such file");
        } catch (MalformedInputException e) {
            throw LauncherException.usage(file + ": not UTF-8 text");
        } catch (IOException e) {
            throw LauncherException.usage(file + ": cannot be read: " + e.getMessage());
        }
    }
}
