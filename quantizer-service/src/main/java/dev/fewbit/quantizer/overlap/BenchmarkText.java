package dev.fewbit.quantizer.overlap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.objectstore.Digests;
import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * What a benchmark asks and how it is solved: the prompts and solutions of its problems, not their tests, which are alike everywhere.
 *
 * @param name of the benchmark
 * @param problems texts by the problem's name; one problem in several languages is one
 */
public record BenchmarkText(String name, Map<String, List<String>> problems) {
    /** Inputs of problems hold numbers of thousands of digits, infinities and long strings. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private static final String REFERENCE_FOLDER = "reference-model/benchmark";
    private static final List<String> NAMES = List.of("name", "task_id");
    private static final List<String> TEXTS =
            List.of("prompt", "text", "instruction", "code", "canonical_solution", "canonical");

    /** The benchmark of the reference model: empty where the installation has none. */
    public static Stream<BenchmarkText> reference(Path root) {
        Path folder = root.resolve(REFERENCE_FOLDER);
        return Files.isDirectory(folder) ? Stream.of(read("reference", folder)) : Stream.empty();
    }

    /**
     * The benchmarks in a folder: one for each folder in it, read from all JSON and JSONL files below, packed with gzip or not.
     *
     * @throws QuantizationException when there is none, or a file cannot be read
     */
    public static List<BenchmarkText> below(Path data) {
        if (!Files.isDirectory(data)) {
            throw new QuantizationException(
                    data + ": no such directory; allowed: one with a folder for each benchmark");
        }
        List<Path> folders;
        try (Stream<Path> entries = Files.list(data)) {
            folders = entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new QuantizationException(data + ": cannot be read: " + e.getMessage(), e);
        }
        List<BenchmarkText> benchmarks = folders.stream()
                .map(folder -> read(folder.getFileName().toString(), folder))
                .filter(benchmark -> !benchmark.problems.isEmpty())
                .toList();
        if (benchmarks.isEmpty()) {
            throw new QuantizationException(
                    data + ": has no benchmarks; allowed: a folder for each, with JSON or JSONL files of problems");
        }
        return benchmarks;
    }

    /** SHA-256 over the names and texts of all problems. */
    public String digest() {
        StringBuilder all = new StringBuilder();
        problems.forEach((problem, texts) -> {
            all.append(problem).append('\n');
            texts.forEach(
                    text -> all.append(text.length()).append(' ').append(text).append('\n'));
        });
        return Digests.of(all.toString());
    }

    private static BenchmarkText read(String name, Path folder) {
        Map<String, List<String>> problems = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> files = tree.filter(file ->
                            file.getFileName().toString().matches(".+\\.jsonl?(\\.gz)?") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            for (Path file : files) {
                read(file, problems);
            }
        } catch (IOException e) {
            throw new QuantizationException(folder + ": cannot be read: " + e.getMessage(), e);
        }
        return new BenchmarkText(name, problems);
    }

    private static void read(Path file, Map<String, List<String>> problems) throws IOException {
        int number = 0;
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                MappingIterator<JsonNode> records =
                        JSON.readerFor(JsonNode.class).readValues(in)) {
            while (records.hasNextValue()) {
                JsonNode record = records.nextValue();
                number++;
                if (record.isObject()) {
                    String problem = named(record, file.getFileName() + "#" + number);
                    problems.computeIfAbsent(problem, absent -> new ArrayList<>())
                            .addAll(texts(record));
                }
            }
        } catch (JsonProcessingException e) {
            throw new QuantizationException(file + ": not JSON behind problem " + number, e);
        }
    }

    private static String named(JsonNode record, String otherwise) {
        for (String key : NAMES) {
            if (record.path(key).isValueNode()) {
                return record.path(key).asText();
            }
        }
        return otherwise;
    }

    private static List<String> texts(JsonNode record) {
        return TEXTS.stream()
                .map(record::path)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .toList();
    }
}
