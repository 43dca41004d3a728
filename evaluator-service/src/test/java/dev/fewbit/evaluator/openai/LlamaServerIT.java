package dev.fewbit.evaluator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.generation.OnnxEngine;
import dev.fewbit.evaluator.generation.ServedModelKey;
import dev.fewbit.evaluator.testing.LlamaServer;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerator.Completed;
import dev.fewbit.generation.CompletionGenerator.Task;
import dev.fewbit.generation.UnusableModelException;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.tokenizer.Tokenizer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against llama.cpp itself, which holds the reference model as it is: what it writes must be what our own engine writes. */
@Tag("peers")
class LlamaServerIT {
    private static final String KEY = "sk-hunter2";
    private static final int PROMPTS_A_LANGUAGE = 30;
    private static final int NEW_TOKENS = 64;
    private static final DecodingSpec GREEDY = DecodingSpec.greedy(NEW_TOKENS);
    private static final StopRule NO_STOP = new StopRule(List.of());
    /** Measured: all 60 completions equal, 3,522 tokens. Another processor's rounding may turn a near tie around, and what follows it. */
    private static final double LEAST_AGREEMENT = 0.95;

    @TempDir
    static Path directory;

    private static EvaluatorConfig config;
    private static LlamaServer server;

    @BeforeAll
    static void start() throws IOException {
        config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(EvaluatorConfig.class)
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "fewbit.evaluator.store",
                                directory.toString(),
                                "fewbit.evaluator.sandbox-url",
                                "http://127.0.0.1:1",
                                "fewbit.evaluator.threads",
                                "2",
                                "fewbit.evaluator.scratch",
                                directory.toString()),
                        "test",
                        500))
                .build()
                .getConfigMapping(EvaluatorConfig.class);
        server = LlamaServer.start(directory, KEY);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldWriteTokenByTokenWhatOurEngineWritesWhenBothAreGreedy() throws IOException {
        // Given
        List<Task> tasks = tasks();
        Map<String, Completed> ours = ours(tasks);

        // When
        Map<String, Completed> theirs = generate(served("FEWBIT_EVALUATOR_KEY"), tasks, GREEDY, NO_STOP);

        // Then
        assertThat(theirs.keySet()).isEqualTo(ours.keySet());
        int agreeing = 0;
        int tokens = 0;
        int equal = 0;
        try (Tokenizer tokenizer = Tokenizer.open(LlamaServer.CHECKPOINT)) {
            for (String problem : ours.keySet()) {
                int[] our =
                        tokenizer.encodeWithoutSpecialTokens(ours.get(problem).text());
                int[] their =
                        tokenizer.encodeWithoutSpecialTokens(theirs.get(problem).text());
                int first = Arrays.mismatch(our, their);
                agreeing += first < 0 ? our.length : first;
                tokens += Math.max(our.length, their.length);
                equal += first < 0 ? 1 : 0;
            }
        }
        double agreement = (double) agreeing / tokens;
        System.out.printf(
                "llama.cpp and our engine: %d of %d completions equal, %.4f of %d tokens before the first that differs%n",
                equal, ours.size(), agreement, tokens);
        assertThat(agreement).isGreaterThan(LEAST_AGREEMENT);
        assertThat(theirs.values())
                .allSatisfy(completed -> assertThat(completed.tokens()).isBetween(1, NEW_TOKENS));
    }

    @Test
    void shouldDrawTheSameSampleAgainAndAnotherForAnotherIndex() {
        // Given
        DecodingSpec warm = new DecodingSpec(1.2, 0.95, 50, 40, 3L, null);
        Task task = new Task("p", "def count_vowels(text):\n", List.of(0, 1, 2, 3));
        OpenAiSpec alone = new OpenAiSpec(server.url(), LlamaServer.MODEL, "FEWBIT_EVALUATOR_KEY", 1, null, null);

        // When
        Map<String, Completed> first = generate(alone, List.of(task), warm, NO_STOP);
        Map<String, Completed> second = generate(alone, List.of(task), warm, NO_STOP);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(first.values().stream().map(Completed::text).distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void shouldEndAtAStopTokenWhereItIsWritten() {
        // Given a completion of several lines
        Task task = new Task("p", "def count_vowels(text):\n", List.of(0));
        String whole = generate(served("FEWBIT_EVALUATOR_KEY"), List.of(task), GREEDY, NO_STOP)
                .get("p/0")
                .text();
        assertThat(whole).contains("\n");

        // When
        Completed stopped = generate(
                        served("FEWBIT_EVALUATOR_KEY"), List.of(task), GREEDY, new StopRule(List.of("never", "\n")))
                .get("p/0");

        // Then
        assertThat(stopped.finish()).isEqualTo("stop");
        assertThat(stopped.text()).isEqualTo(whole.substring(0, whole.indexOf('\n')));
    }

    @Test
    void shouldKnowWhichModelItIs() {
        // When
        String engine = models().facts(new GeneratorSpec(served("FEWBIT_EVALUATOR_KEY"), 16, 8_432_640L, null))
                .engine();

        // Then: 4,213,504 parameters at 16 bits, norms at 32
        assertThat(engine)
                .contains("\"id\":\"fewbit-reference-f16\",\"owned_by\":\"llamacpp\"")
                .contains("\"n_params\":4213504,\"size\":8432640");
    }

    @Test
    void shouldSayInTheServersWordsWhatItRefuses() {
        // Given
        Task task = new Task("p", "def f():\n", List.of(0));
        Task tooLong = new Task("p", "x = 1\n".repeat(1000), List.of(0));

        // When, Then
        assertThatThrownBy(() -> generate(served("FEWBIT_EVALUATOR_KEY_WRONG"), List.of(task), GREEDY, NO_STOP))
                .isInstanceOf(UnusableModelException.class)
                .hasMessage(server.url() + " answered 401: Invalid API Key");
        assertThatThrownBy(() -> generate(served("FEWBIT_EVALUATOR_KEY"), List.of(tooLong), GREEDY, NO_STOP))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageStartingWith(server.url() + " answered 400: ")
                .hasMessageContaining("context size");
        OpenAiSpec unlisted = new OpenAiSpec(server.url(), "another", "FEWBIT_EVALUATOR_KEY", null, null, null);
        assertThatThrownBy(() -> models().facts(new GeneratorSpec(unlisted, 16, 1L, null)))
                .hasMessage("model is 'another', which " + server.url()
                        + " does not list; allowed: 'fewbit-reference-f16'");
    }

    private static OpenAiSpec served(String keyEnv) {
        return new OpenAiSpec(server.url(), LlamaServer.MODEL, keyEnv, null, null, null);
    }

    private static OpenAiModels models() {
        Map<String, String> environment = Map.of("FEWBIT_EVALUATOR_KEY", KEY, "FEWBIT_EVALUATOR_KEY_WRONG", "sk-other");
        return new OpenAiModels(config.openai(), environment::get, Thread::sleep);
    }

    private static Map<String, Completed> generate(
            OpenAiSpec spec, List<Task> tasks, DecodingSpec decoding, StopRule stop) {
        try (CompletionGenerator generator = models().open(new ServedModelKey(spec))) {
            return generate(generator, tasks, decoding, stop);
        }
    }

    private static Map<String, Completed> ours(List<Task> tasks) throws IOException {
        Path artifact = Files.createDirectories(directory.resolve("artifact"));
        Files.copy(LlamaServer.CHECKPOINT.resolve("tokenizer.json"), artifact.resolve("tokenizer.json"));
        try (Checkpoint checkpoint = Checkpoint.open(LlamaServer.CHECKPOINT)) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), artifact);
        }
        try (CompletionGenerator generator = OnnxEngine.of(config).open(artifact, ExecutionMode.EXACT)) {
            return generate(generator, tasks, GREEDY, NO_STOP);
        }
    }

    private static Map<String, Completed> generate(
            CompletionGenerator generator, List<Task> tasks, DecodingSpec decoding, StopRule stop) {
        Map<String, Completed> completed = new TreeMap<>();
        generator.generate(
                tasks,
                decoding,
                stop,
                sample -> completed.put(sample.problem() + "/" + sample.index(), sample),
                () -> false);
        return completed;
    }

    /** The first problems of the reference benchmark in both languages. */
    private static List<Task> tasks() throws IOException {
        JsonMapper json = new JsonMapper();
        List<Task> tasks = new ArrayList<>();
        for (String language : List.of("python", "java")) {
            Path file = LlamaServer.root().resolve("reference-model/benchmark/" + language + ".jsonl");
            try (Stream<String> lines = Files.lines(file)) {
                for (String line : lines.limit(PROMPTS_A_LANGUAGE).toList()) {
                    JsonNode problem = json.readTree(line);
                    tasks.add(new Task(
                            language + "/" + problem.path("name").asText(),
                            problem.path("prompt").asText(),
                            List.of(0)));
                }
            }
        }
        return tasks;
    }
}
