package dev.fewbit.launcher.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.launcher.LauncherException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file of {@code --out}, and beside it, until that is written, the verdicts so far, by which a stopped run goes on. A verdict's
 * identity holds all that decides it, so none of other limits, another toolchain or another judge is taken.
 */
final class Journal implements AutoCloseable {
    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Path out;
    private final Path part;
    private final Map<String, Judged> known = new HashMap<>();
    private BufferedWriter writer;

    /** @param out {@code null} for none: nothing is kept then */
    Journal(Path out) {
        this.out = out;
        this.part = out == null ? null : out.resolveSibling(out.getFileName() + ".part");
    }

    /** Reads what an earlier run left; a last line that was not finished is passed over. */
    Map<String, Judged> open() {
        if (out == null) {
            return known;
        }
        Path folder = out.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw LauncherException.usage("--out is " + out + "; there is no folder " + folder);
        }
        try {
            if (Files.isRegularFile(part)) {
                for (String line : Files.readAllLines(part)) {
                    read(line).ifPresent(judged -> known.put(judged.id(), judged));
                }
            }
            writer = Files.newBufferedWriter(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            for (Judged judged : List.copyOf(known.values())) {
                write(judged);
            }
            return known;
        } catch (IOException e) {
            throw LauncherException.usage(part + ": cannot be written: " + e.getMessage());
        }
    }

    private Optional<Judged> read(String line) {
        try {
            return Optional.of(mapper.readValue(line, Judged.class));
        } catch (JsonProcessingException e) {
            // The run was stopped while it wrote this line: the program runs again.
            return Optional.empty();
        }
    }

    /** Keeps a verdict. */
    synchronized void add(Judged judged) {
        if (writer != null) {
            try {
                write(judged);
            } catch (IOException e) {
                throw LauncherException.failed(part + ": cannot be written: " + e.getMessage(), e);
            }
        }
    }

    private void write(Judged judged) throws IOException {
        writer.write(mapper.writeValueAsString(judged) + "\n");
        writer.flush();
    }

    /** Writes {@code --out} under a temporary name, and takes the verdicts beside it away. */
    void finish(List<VerdictLine> lines, boolean complete) {
        if (out == null) {
            return;
        }
        Path temporary = out.resolveSibling(out.getFileName() + ".tmp");
        try {
            List<String> written = new ArrayList<>();
            for (VerdictLine line : lines) {
                written.add(mapper.writeValueAsString(line));
            }
            Files.write(temporary, (String.join("\n", written) + "\n").getBytes(StandardCharsets.UTF_8));
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            close();
            if (complete) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw LauncherException.failed(out + ": cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw LauncherException.failed(part + ": cannot be written: " + e.getMessage(), e);
            } finally {
                writer = null;
            }
        }
    }
}
