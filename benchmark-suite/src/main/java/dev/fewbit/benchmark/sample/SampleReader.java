package dev.fewbit.benchmark.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewbit.benchmark.Benchmark;
import dev.fewbit.benchmark.BenchmarkDefinition;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.harness.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads samples of a benchmark; one object a file or folder. */
public final class SampleReader {
    private static final String RESULTS = ".results.json";
    private static final List<String> ENDINGS = List.of(".json", ".json.gz", ".jsonl", ".jsonl.gz");

    private final BenchmarkDefinition definition;
    private final ProblemNames names;
    private final Map<String, List<Sample>> byProblem = new LinkedHashMap<>();
    private final Map<String, Problem> own = new LinkedHashMap<>();
    private final Set<String> differing = new HashSet<>();
    private SampleFormat format;
    private String formatFrom;
    private String cell;

    /** @param benchmark that {@code definition} names */
    public SampleReader(BenchmarkDefinition definition, Benchmark benchmark) {
        this.definition = definition;
        this.names = new ProblemNames(benchmark, definition.family());
    }

    /**
     * Reads all of it.
     *
     * @param samples a file, packed or not, or a folder of MultiPL-E's files or of EvalPlus' programs
     * @throws InvalidSamplesException at the first record that cannot be used
     */
    public Samples read(Path samples) throws InvalidSamplesException {
        if (Files.isDirectory(samples)) {
            folder(samples);
        } else if (Files.isRegularFile(samples)) {
            new SampleFile(samples).read(this::record);
        } else {
            throw new InvalidSamplesException(samples + ": there is no such file or folder");
        }
        if (byProblem.isEmpty()) {
            throw new InvalidSamplesException(samples + ": holds no samples; at least one is needed");
        }
        return new Samples(
                format, byProblem.values().stream().flatMap(List::stream).toList(), differing.size());
    }

    private void folder(Path folder) throws InvalidSamplesException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        } catch (IOException e) {
            throw new InvalidSamplesException(folder + ": cannot be read: " + e.getMessage());
        }
        List<Path> programs = files.stream().filter(Files::isDirectory).toList();
        List<Path> records = files.stream()
                .filter(file -> Files.isRegularFile(file)
                        && ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith))
                .toList();
        // A problem's results repeat its completions, which are what was generated.
        boolean completions = records.stream().anyMatch(file -> !isResults(file));
        for (Path file : records) {
            if (!completions || !isResults(file)) {
                new SampleFile(file).read(this::record);
            }
        }
        if (records.isEmpty()) {
            for (Path problem : programs) {
                programs(problem);
            }
        }
    }

    private static boolean isResults(Path file) {
        return file.getFileName().toString().contains(RESULTS);
    }

    /** EvalPlus' folders: {@code HumanEval_0/0.py}, whole programs. */
    private void programs(Path folder) throws InvalidSamplesException {
        Problem problem = problem(folder.getFileName().toString().replace('_', '/'), folder.toString());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".py"))
                    .sorted()
                    .toList()) {
                is(SampleFormat.EVALPLUS, file.toString());
                add(problem, new Answer.Program(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new InvalidSamplesException(folder + ": cannot be read: " + e.getMessage());
        }
    }

    private void record(JsonNode record, String where) throws InvalidSamplesException {
        SampleFormat found = SampleFormat.of(record).orElseThrow(() -> unknown(record, where));
        is(found, where);
        switch (found) {
            case EVALPLUS ->
                add(problem(record, "task_id", where), new Answer.Program(text(record, "solution", where)));
            case HUMAN_EVAL ->
                add(problem(record, "task_id", where), new Answer.Completion(text(record, "completion", where)));
            case MULTIPL_E -> completions(record, where);
            case MULTIPL_E_RESULTS -> results(record, where);
            case FEWBIT -> fewbit(record, where);
            case BIGCODE -> generations(record, where);
        }
    }

    private InvalidSamplesException unknown(JsonNode record, String where) {
        String missing = format == null || !record.isObject() ? null : format.missing(record);
        return new InvalidSamplesException(where
                + (missing == null
                        ? ": has no known form of samples; needed are the keys " + SampleFormat.allowed()
                        : ": key '" + missing + "' is missing"));
    }

    /** EvalPlus takes solutions and completions in one file; otherwise a file has one form. */
    private void is(SampleFormat found, String where) throws InvalidSamplesException {
        boolean bothOfEvalPlus = format == SampleFormat.EVALPLUS && found == SampleFormat.HUMAN_EVAL
                || format == SampleFormat.HUMAN_EVAL && found == SampleFormat.EVALPLUS;
        if (format == null) {
            format = found;
            formatFrom = where;
        } else if (bothOfEvalPlus) {
            format = SampleFormat.EVALPLUS;
        } else if (format != found) {
            throw new InvalidSamplesException(
                    where + ": holds " + found + ", but " + formatFrom + " holds " + format + "; one form at a time");
        }
    }

    private void completions(JsonNode record, String where) throws InvalidSamplesException {
        Problem problem = ownTexts(record, where);
        for (JsonNode completion : list(record, "completions", where)) {
            add(problem, new Answer.Completion(textOf(completion, "completions", where)));
        }
    }

    private void results(JsonNode record, String where) throws InvalidSamplesException {
        Problem problem = ownTexts(record, where);
        String tests = "\n" + OwnTexts.tests(problem);
        for (JsonNode result : list(record, "results", where)) {
            String program = text(result, "program", where);
            if (!program.endsWith(tests)) {
                throw new InvalidSamplesException(where + ": a program of problem '" + problem.name()
                        + "' does not end in the benchmark's tests; the completions beside it are needed");
            }
            add(problem, new Answer.Program(program.substring(0, program.length() - tests.length())));
        }
    }

    private Problem ownTexts(JsonNode record, String where) throws InvalidSamplesException {
        Problem problem = problem(record, "name", where);
        if (record.has("language") && !definition.language().isCalled(text(record, "language", where))) {
            throw new InvalidSamplesException(where + ": language is '" + text(record, "language", where) + "'; "
                    + definition.name() + " is in " + definition.language());
        }
        if (own.containsKey(problem.name())) {
            return own.get(problem.name());
        }
        Problem mine = OwnTexts.of(problem, record);
        if (!mine.equals(problem)) {
            differing.add(problem.name());
        }
        own.put(problem.name(), mine);
        return mine;
    }

    private void fewbit(JsonNode record, String where) throws InvalidSamplesException {
        if (record.has("language")
                && !text(record, "language", where).equals(definition.language().label())) {
            throw new InvalidSamplesException(where + ": language is " + record.get("language") + "; "
                    + definition.name() + " is in " + definition.language());
        }
        String mine = List.of("model", "bits", "method", "calibration").stream()
                .map(key -> key + " " + record.path(key).asText())
                .toList()
                .toString();
        if (cell == null) {
            cell = mine;
        } else if (!cell.equals(mine)) {
            throw new InvalidSamplesException(
                    where + ": is of another cell of the study (" + mine + ", before: " + cell + "); one at a time");
        }
        add(problem(record, "problem", where), new Answer.Program(text(record, "program", where)));
    }

    private void generations(JsonNode lists, String where) throws InvalidSamplesException {
        List<Problem> problems = names.inOrder();
        if (lists.size() > problems.size()) {
            throw new InvalidSamplesException(where + ": holds generations of " + lists.size() + " problems; "
                    + definition.name() + " has " + problems.size());
        }
        for (int i = 0; i < lists.size(); i++) {
            if (!lists.get(i).isArray() || lists.get(i).isEmpty()) {
                throw new InvalidSamplesException(
                        where + ": problem " + i + " has no list of generations; at least one is needed");
            }
            for (JsonNode generation : lists.get(i)) {
                add(problems.get(i), new Answer.Program(textOf(generation, "list of problem " + i, where)));
            }
        }
    }

    private void add(Problem problem, Answer answer) {
        List<Sample> samples = byProblem.computeIfAbsent(problem.name(), name -> new ArrayList<>());
        samples.add(new Sample(problem, samples.size(), answer));
    }

    private Problem problem(JsonNode record, String key, String where) throws InvalidSamplesException {
        JsonNode name = record.get(key);
        if (!name.isTextual() && !name.isIntegralNumber()) {
            throw new InvalidSamplesException(where + ": " + key + " is " + name + "; a problem's name is expected");
        }
        return problem(name.asText(), where);
    }

    private Problem problem(String name, String where) throws InvalidSamplesException {
        return names.find(name)
                .orElseThrow(() -> new InvalidSamplesException(
                        where + ": problem '" + name + "' is not in benchmark " + definition.name()));
    }

    private static Iterable<JsonNode> list(JsonNode record, String key, String where) throws InvalidSamplesException {
        JsonNode list = record.get(key);
        if (!list.isArray() || list.isEmpty()) {
            throw new InvalidSamplesException(where + ": " + key + " is " + (list.isArray() ? "empty" : "no list")
                    + "; a list of at least one is expected");
        }
        return list;
    }

    private static String text(JsonNode record, String key, String where) throws InvalidSamplesException {
        if (!record.has(key)) {
            throw new InvalidSamplesException(where + ": key '" + key + "' is missing");
        }
        return textOf(record.get(key), key, where);
    }

    private static String textOf(JsonNode value, String key, String where) throws InvalidSamplesException {
        if (!value.isTextual()) {
            throw new InvalidSamplesException(where + ": " + key + " holds " + shortened(value) + "; text is expected");
        }
        return value.textValue();
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
