package dev.fewbit.launcher.generation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.generation.GeneratedSample.SampleKey;
import dev.fewbit.objectstore.DurableFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The samples so far, in {@code OUT.part} until all are there: its first line is the identity of what is generated, so that a run goes on
 * only with samples that it would have made itself, then a line a sample. A last line that was not finished is passed over.
 */
final class GenerationJournal implements AutoCloseable {
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Path out;
    private final Path part;
    private final Map<SampleKey, GeneratedSample> samples = new LinkedHashMap<>();
    private BufferedWriter writer;

    GenerationJournal(Path out) {
        this.out = out;
        this.part = out.resolveSibling(out.getFileName() + ".part");
    }

    /**
     * Takes over what an earlier run of the same identity left.
     *
     * @throws LauncherException when the file is of another generation, or cannot be read or written
     */
    Map<SampleKey, GeneratedSample> open(Map<String, String> identity) {
        try {
            if (Files.isRegularFile(part)) {
                read(Files.readAllLines(part), identity);
            }
            writer = Files.newBufferedWriter(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            write(identity);
            for (GeneratedSample sample : samples.values()) {
                write(sample);
            }
            writer.flush();
            return Map.copyOf(samples);
        } catch (IOException e) {
            throw LauncherException.failed(part + " cannot be read or written: " + e.getMessage(), e);
        }
    }

    private void read(List<String> lines, Map<String, String> identity) {
        if (lines.isEmpty()) {
            return;
        }
        requireSame(lines.getFirst(), identity);
        for (String line : lines.subList(1, lines.size())) {
            try {
                GeneratedSample sample = mapper.readValue(line, GeneratedSample.class);
                samples.put(sample.key(), sample);
            } catch (JsonProcessingException e) {
                if (line != lines.getLast()) {
                    throw LauncherException.failed(
                            part + ": a line is damaged (" + e.getOriginalMessage()
                                    + "); remove the file to begin anew",
                            e);
                }
            }
        }
    }

    private void requireSame(String line, Map<String, String> identity) {
        Map<String, String> found;
        try {
            found = mapper.readValue(line, TEXTS);
        } catch (JsonProcessingException e) {
            throw LauncherException.failed(
                    part + " is no file of a generation that was stopped; remove it or choose another --out", e);
        }
        if (!found.equals(identity)) {
            String differing = identity.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(found.get(entry.getKey())))
                    .map(entry -> entry.getKey() + " was " + found.get(entry.getKey()) + ", is " + entry.getValue())
                    .collect(Collectors.joining("; "));
            throw LauncherException.usage(part + " holds samples of another generation (" + differing
                    + "); remove it or choose another --out");
        }
    }

    /** Keeps a sample. */
    void add(GeneratedSample sample) {
        try {
            write(sample);
            writer.flush();
            samples.put(sample.key(), sample);
        } catch (IOException e) {
            throw LauncherException.failed(part + " cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * All samples, in {@code order}.
     *
     * @throws LauncherException when one is missing: the generation ended without it
     */
    List<GeneratedSample> all(List<SampleKey> order) {
        if (!samples.keySet().containsAll(order)) {
            throw LauncherException.failed("the generation ended before all samples were there; run it again to go on");
        }
        return order.stream().map(samples::get).toList();
    }

    /** Writes the sample file whole, and takes the journal away. */
    void finish(List<GeneratedSample> all) {
        try {
            StringBuilder text = new StringBuilder();
            for (GeneratedSample sample : all) {
                text.append(mapper.writeValueAsString(sample)).append('\n');
            }
            DurableFiles.write(out, text.toString().getBytes(StandardCharsets.UTF_8));
            close();
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw LauncherException.failed(out + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void write(Object line) throws IOException {
        writer.write(mapper.writeValueAsString(line));
        writer.write('\n');
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw LauncherException.failed(part + " cannot be written: " + e.getMessage(), e);
            } finally {
                writer = null;
            }
        }
    }
}
