package dev.fewbit.launcher.study;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The files a study leaves behind. Each is whole or absent.
 *
 * @param directory that holds them
 */
public record ResultFiles(Path directory) {
    private static final int BUFFER_BYTES = 1 << 16;

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

    /**
     * Writes the samples as they come; a stream that breaks leaves nothing.
     *
     * @throws IOException when the stream breaks
     * @throws LauncherException when they cannot be written: asking for them again would not help
     */
    Path samples(InputStream lines) throws IOException {
        Path temporary = directory.resolve(".samples-" + UUID.randomUUID());
        try {
            return samples(lines, temporary);
        } catch (StreamBrokenException e) {
            throw e.getCause();
        } catch (IOException e) {
            throw notWritten(samplesFile(), e);
        }
    }

    private Path samples(InputStream lines, Path temporary) throws IOException {
        try {
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int count = read(lines, buffer); count >= 0; count = read(lines, buffer)) {
                    out.write(buffer, 0, count);
                }
            }
            DurableFiles.flush(temporary);
            Files.move(temporary, samplesFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DurableFiles.flushDirectory(directory);
            return samplesFile();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static int read(InputStream lines, byte[] buffer) {
        try {
            return lines.read(buffer);
        } catch (IOException e) {
            throw new StreamBrokenException(e);
        }
    }

    private static LauncherException notWritten(Path file, IOException e) {
        return LauncherException.failed("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }

    private static void write(Path file, String text) {
        try {
            DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Tells the stream's failure from the disk's; both are {@link IOException}s. */
    private static final class StreamBrokenException extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        private StreamBrokenException(IOException cause) {
            super(cause);
        }
    }
}
