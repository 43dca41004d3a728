package dev.fewbit.evaluator.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.objectstore.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a benchmark in MultiPL-E's record: {@code name, language, prompt, tests, stop_tokens} are required, {@code doctests,
 * original, prompt_terminology} and any further field are allowed.
 *
 * @see <a href="https://huggingface.co/datasets/nuprl/MultiPL-E">nuprl/MultiPL-E</a>
 */
public final class BenchmarkReader {
    private static final Set<String> REQUIRED = Set.of("name", "language", "prompt", "tests", "stop_tokens");
    private static final Map<ProgramLanguage, Set<String>> LABELS = Map.of(
            ProgramLanguage.PYTHON, Set.of("py", "python"),
            ProgramLanguage.JAVA, Set.of("java"));

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads all of {@code file}.
     *
     * @param file UTF-8, a JSON object a line; blank lines are passed over
     * @param language that every record must have
     * @throws InvalidBenchmarkException when the file is missing, empty or holds a record that cannot be used
     */
    public Benchmark read(Path file, ProgramLanguage language) throws InvalidBenchmarkException {
        byte[] bytes = bytesOf(file);
        List<Problem> problems = new ArrayList<>();
        Map<String, Integer> lineOf = new HashMap<>();
        int number = 0;
        for (String line : textOf(bytes, file).split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String where = file + ":" + number;
            Problem problem = problem(parse(line, where), language, where);
            Integer first = lineOf.putIfAbsent(problem.name(), number);
            if (first != null) {
                throw new InvalidBenchmarkException(
                        where + ": name is '" + problem.name() + "', which line " + first + " has already");
            }
            problems.add(problem);
        }
        if (problems.isEmpty()) {
            throw new InvalidBenchmarkException(file + ": the benchmark holds no problem; one JSON record a line");
        }
        return new Benchmark(Digests.of(bytes), problems);
    }

    private static byte[] bytesOf(Path file) throws InvalidBenchmarkException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidBenchmarkException(file + ": there is no such benchmark file");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidBenchmarkException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private static String textOf(byte[] bytes, Path file) throws InvalidBenchmarkException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidBenchmarkException(file + ": is not UTF-8 text");
        }
    }

    private JsonNode parse(String line, String where) throws InvalidBenchmarkException {
        JsonNode node;
        try {
            node = mapper.readTree(line);
        } catch (JsonProcessingException e) {
            throw new InvalidBenchmarkException(where + ": is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (!node.isObject()) {
            throw new InvalidBenchmarkException(where + ": a JSON object is expected");
        }
        return node;
    }

    private static Problem problem(JsonNode node, ProgramLanguage language, String where)
            throws InvalidBenchmarkException {
        String name = text(node, "name", where);
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidBenchmarkException(
                    where + ": name is " + node.get("name") + "; allowed: text without control characters, not blank");
        }
        String label = text(node, "language", where);
        if (!LABELS.get(language).contains(label)) {
            throw new InvalidBenchmarkException(
                    where + ": language is '" + label + "'; the study asks for " + language.label());
        }
        Map<String, String> fields = new HashMap<>();
        node.properties().forEach(field -> {
            if (field.getValue().isValueNode() && !REQUIRED.contains(field.getKey())) {
                fields.put(field.getKey(), field.getValue().asText());
            }
        });
        return new Problem(
                name, text(node, "prompt", where), text(node, "tests", where), stopTokens(node, where), fields);
    }

    private static List<String> stopTokens(JsonNode node, String where) throws InvalidBenchmarkException {
        JsonNode list = required(node, "stop_tokens", where);
        if (!list.isArray()) {
            throw new InvalidBenchmarkException(where + ": stop_tokens is no list; a list of strings is expected");
        }
        List<String> tokens = new ArrayList<>();
        for (JsonNode token : list) {
            if (!token.isTextual() || token.textValue().isEmpty()) {
                throw new InvalidBenchmarkException(
                        where + ": stop_tokens holds " + token + "; only strings that are not empty are allowed");
            }
            tokens.add(token.textValue());
        }
        return tokens;
    }

    private static String text(JsonNode node, String key, String where) throws InvalidBenchmarkException {
        JsonNode value = required(node, key, where);
        if (!value.isTextual()) {
            throw new InvalidBenchmarkException(where + ": " + key + " is no string; a string is expected");
        }
        return value.textValue();
    }

    private static JsonNode required(JsonNode node, String key, String where) throws InvalidBenchmarkException {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            throw new InvalidBenchmarkException(where + ": key '" + key + "' is missing");
        }
        return value;
    }
}
