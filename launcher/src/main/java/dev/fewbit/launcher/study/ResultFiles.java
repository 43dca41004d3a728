package dev.fewbit.launcher.study;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * The files a study leaves behind. Each is whole or absent.
 *
 * @param directory that holds them
 */
public record ResultFiles(Path directory) {
    public Path reportFile() {
        return directory.resolve("report.json");
    }

    public Path pageFile() {
        return directory.resolve("report.html");
    }

    public Path samplesFile() {
        return directory.resolve("samples.jsonl");
    }

    void report(String json) {
        write(reportFile(), json);
    }

    void page(String html) {
        write(pageFile(), html);
    }

    /** Writes the samples as they come; a stream that breaks leaves nothing. */
    Path samples(InputStream lines) throws IOException {
        Path temporary = directory.resolve(".samples-" + UUID.randomUUID());
        try {
            Files.copy(lines, temporary);
            DurableFiles.flush(temporary);
            Files.move(temporary, samplesFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        DurableFiles.flushDirectory(directory);
        return samplesFile();
    }

    private static void write(Path file, String text) {
        try {
            DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }
}
