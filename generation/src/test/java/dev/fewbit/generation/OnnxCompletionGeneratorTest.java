package dev.fewbit.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.generation.CompletionGenerator.Completed;
import dev.fewbit.generation.CompletionGenerator.Task;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import dev.fewbit.model.resident.Placement;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine itself, on a tiny model. */
class OnnxCompletionGeneratorTest {
    private static final StopRule NO_STOP = new StopRule(List.of());
    private static final DecodingSpec SAMPLED = new DecodingSpec(1.5, 1.0, 50, 20, 7L, ExecutionMode.EXACT);

    @TempDir
    static Path directory;

    private static OnnxCompletionGenerators generators;
    private static CompletionGenerator generator;

    @BeforeAll
    static void open() throws IOException {
        generators = new OnnxCompletionGenerators(options(GenerationDevice.PROCESSOR, Optional.empty()));
        generator = generators.open(TinyArtifact.write(directory), ExecutionMode.EXACT);
    }

    private static EngineOptions options(GenerationDevice device, Optional<Path> onnxruntime) {
        return new EngineOptions(
                device, 1, 4, 0, HalfNumbers.FP16, GpuKernels.NONE, 1024, false, directory, onnxruntime);
    }

    @AfterAll
    static void close() {
        generator.close();
    }

    @Test
    void shouldMakeEverySampleOnceWhenThereAreMoreThanSlots() {
        // Given
        List<Task> tasks =
                List.of(new Task("p", "def p():\n", List.of(0, 1, 2)), new Task("q", "def q():\n", List.of(1, 4, 5)));

        // When
        Map<String, Completed> completions = generate(tasks, SAMPLED, NO_STOP);

        // Then
        assertThat(completions.keySet()).containsExactly("p/0", "p/1", "p/2", "q/1", "q/4", "q/5");
        assertThat(completions.values()).allSatisfy(completed -> {
            assertThat(completed.tokens()).isBetween(1, 20);
            assertThat(completed.finish()).isIn("max-new-tokens", "end-of-text");
        });
        assertThat(completions.get("p/0").text())
                .isNotEqualTo(completions.get("p/1").text());
    }

    @Test
    void shouldMakeTheSameSampleWhenItIsMadeAlone() {
        // Given
        Map<String, Completed> together = generate(
                List.of(new Task("p", "def p():\n", List.of(0, 1, 2)), new Task("q", "def q():\n", List.of(0, 1, 2))),
                SAMPLED,
                NO_STOP);

        // When
        Map<String, Completed> alone = generate(List.of(new Task("q", "def q():\n", List.of(2))), SAMPLED, NO_STOP);

        // Then
        assertThat(alone.get("q/2")).isEqualTo(together.get("q/2"));
    }

    @Test
    void shouldEndWithAStopTokenWhenOneAppears() {
        // Given a character of the completion that is sure to come
        Completed whole = generate(List.of(new Task("p", "def p():\n", List.of(0))), SAMPLED, NO_STOP)
                .get("p/0");
        String stop = whole.text().substring(2, 3);

        // When
        StopRule rule = new StopRule(List.of(stop));
        Completed stopped = generate(List.of(new Task("p", "def p():\n", List.of(0))), SAMPLED, rule)
                .get("p/0");

        // Then
        assertThat(stopped.finish()).isEqualTo("stop");
        assertThat(rule.cut(stopped.text())).isEqualTo(rule.cut(whole.text()));
        assertThat("def p():\n" + rule.cut(stopped.text()))
                .isEqualTo("def p():\n" + whole.text().substring(0, whole.text().indexOf(stop)));
    }

    @Test
    void shouldStopAtOnceWhenCancelled() {
        // Given
        List<Completed> completions = new ArrayList<>();

        // When
        generator.generate(
                List.of(new Task("p", "def p():\n", List.of(0, 1, 2, 3))),
                SAMPLED,
                NO_STOP,
                completions::add,
                () -> true);

        // Then
        assertThat(completions).isEmpty();
    }

    @Test
    void shouldNameTheProblemWhenItsPromptDoesNotFit() {
        // Given a prompt of BOS and as many bytes as the model has positions
        Task task = new Task("long", "x".repeat(TinyArtifact.MAX_POSITIONS), List.of(0));

        // When, Then
        assertThatThrownBy(() -> generate(List.of(task), SAMPLED, NO_STOP))
                .isInstanceOf(UnusableModelException.class)
                .hasMessage("the prompt of problem 'long' has 129 tokens; allowed: 1 to 127"
                        + " (max_length, fewbit.evaluator.max-length, or the model's own limit)");
    }

    @Test
    void shouldEndAtTheTotalLengthWhenTheSpecificationSaysOne() {
        // Given: BOS and nine bytes; the stop string never occurs and ends nothing
        DecodingSpec spec = with(30, PromptStyle.PLAIN);

        // When
        Completed completed = generate(
                        List.of(new Task("p", "def p():\n", List.of(0))), spec, new StopRule(List.of("no such text")))
                .get("p/0");

        // Then
        assertThat(completed.finish()).isEqualTo("max-length");
        assertThat(completed.tokens()).isEqualTo(20);
        assertThatThrownBy(
                        () -> generate(List.of(new Task("p", "x", List.of(0))), with(129, PromptStyle.PLAIN), NO_STOP))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageMatching("max_length is 129; the longest sequence of .*'s model has 128 tokens");
    }

    @Test
    void shouldLeaveWhiteSpaceAroundOutWhenPromptsAreStripped() {
        // When
        Completed stripped = generate(
                        List.of(new Task("p", "\n def p():\u00a0\n", List.of(0))),
                        with(30, PromptStyle.STRIPPED),
                        NO_STOP)
                .get("p/0");
        Completed plain = generate(List.of(new Task("p", "def p():", List.of(0))), with(30, PromptStyle.PLAIN), NO_STOP)
                .get("p/0");

        // Then
        assertThat(stripped).isEqualTo(plain);
    }

    @Test
    void shouldSayThatThereIsNoTemplateWhenPromptsAreAChat() {
        assertThatThrownBy(
                        () -> generate(List.of(new Task("p", "x", List.of(0))), with(100, PromptStyle.CHAT), NO_STOP))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageContaining("has no chat template");
    }

    private static DecodingSpec with(int maxLength, PromptStyle prompt) {
        return new DecodingSpec(null, 1.5, 1.0, 50, null, maxLength, null, 7L, ExecutionMode.EXACT, prompt, null);
    }

    @Test
    void shouldSayWhichFileWhenTheArtifactIsNotOne() throws IOException {
        // Given
        Path empty = Files.createDirectories(directory.resolve("empty"));

        // When, Then
        assertThatThrownBy(() -> generators.open(empty, ExecutionMode.EXACT))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageContaining(empty.toString())
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void shouldTellBosAndEngineWhenAsked() {
        // When, Then
        assertThat(generator.addsBos()).isTrue();
        assertThat(generators.facts(ExecutionMode.EXACT))
                .isEqualTo(new EngineFacts("fewbit-decoding 2, onnxruntime 1.29.0", "cpu", "fp32", "fp32"));
    }

    @Test
    void shouldMakeTheSameSamplesWhenTheEngineIsThatOfDevices() {
        // Given: the engine for GPUs, on the processor
        List<Task> tasks =
                List.of(new Task("p", "def p():\n", List.of(0, 1, 2)), new Task("q", "def q():\n", List.of(1, 4, 5)));
        Map<String, Completed> expected = generate(tasks, SAMPLED, NO_STOP);

        // When
        Map<String, Completed> found = new TreeMap<>();
        Map<String, String> circumstances;
        EngineFacts facts;
        try (Placement placement = Placement.processor()) {
            GpuEngines engines = new GpuEngines(
                    placement,
                    new EngineOptions(
                            GenerationDevice.PROCESSOR,
                            1,
                            4,
                            3,
                            HalfNumbers.FP16,
                            GpuKernels.NONE,
                            1024,
                            false,
                            directory,
                            Optional.empty()));
            facts = engines.facts(ExecutionMode.EXACT);
            Path artifact = directory.resolve("artifact");
            try (CompletionGenerator resident = new OnnxCompletionGenerator(
                    artifact,
                    length -> engines.open(artifact, length, ExecutionMode.EXACT),
                    1024,
                    Tokenizer.open(artifact))) {
                circumstances = resident.circumstances();
                resident.generate(
                        tasks,
                        SAMPLED,
                        NO_STOP,
                        completed -> found.put(completed.problem() + "/" + completed.index(), completed),
                        () -> false);
            }
        }

        // Then
        assertThat(found).isEqualTo(expected);
        assertThat(facts).isEqualTo(new EngineFacts("fewbit-decoding 2, onnxruntime 1.29.0", "cpu", "fp32", "fp32"));
        assertThat(circumstances).containsEntry("engine.slots", "3").containsKey("device.memory");
    }

    @Test
    void shouldSayWhatIsMissingWhenTheDeviceIsAGpuWithoutItsLibraries() throws IOException {
        // Given
        Path empty = Files.createDirectories(directory.resolve("no-libraries"));
        OnnxCompletionGenerators onGpu =
                new OnnxCompletionGenerators(options(GenerationDevice.of("cuda"), Optional.of(empty)));

        // When, Then
        assertThatThrownBy(() -> onGpu.start())
                .isInstanceOf(DeviceException.class)
                .hasMessage("device cuda: " + empty + ": has no libonnxruntime.so*; FEWBIT_ONNXRUNTIME_PATH names the"
                        + " directory of a build of ONNX Runtime for CUDA");
    }

    private static Map<String, Completed> generate(List<Task> tasks, DecodingSpec decoding, StopRule stop) {
        Map<String, Completed> completions = new TreeMap<>();
        generator.generate(
                tasks,
                decoding,
                stop,
                completed -> assertThat(completions.put(completed.problem() + "/" + completed.index(), completed))
                        .isNull(),
                () -> false);
        return completions;
    }
}
