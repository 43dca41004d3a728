package dev.fewbit.model.transformers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoding.CompletionText;
import dev.fewbit.model.decoding.DecodingParameters;
import dev.fewbit.model.decoding.EngineSettings;
import dev.fewbit.model.decoding.FinishReason;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.decoding.Prompt;
import dev.fewbit.model.decoding.StopCondition;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformersGreedyIT {
    private static final int NEW_TOKENS = 160;

    @TempDir
    static Path directory;

    private static TransformersFixture fixture;

    @BeforeAll
    static void write() throws IOException {
        fixture = new TransformersFixture();
        Path source = TransformersFixture.checkpoint();
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), directory);
        }
        Files.copy(source.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 32})
    void shouldCompleteAsTransformersWhenGreedy(int slots) {
        // Given
        List<Prompt> prompts = fixture.greedy().stream()
                .map(greedy -> new Prompt(greedy.problem(), greedy.prompt(), List.of(0)))
                .toList();

        // When
        Map<String, int[]> completions = new HashMap<>();
        try (GenerationEngine engine =
                GenerationEngine.open(directory, new EngineSettings(2, slots, 512, ArithmeticMode.EXACT))) {
            engine.generate(
                    prompts.iterator(),
                    DecodingParameters.greedy(NEW_TOKENS),
                    new StopCondition(Set.copyOf(engine.metadata().eosTokenIds()), List.of()),
                    completion -> completions.put(completion.problem(), completion.tokens()),
                    () -> false);
        }

        // Then
        assertThat(completions.keySet()).hasSize(24);
        for (TransformersFixture.Greedy greedy : fixture.greedy()) {
            assertThat(completions.get(greedy.problem())).as(greedy.problem()).isEqualTo(greedy.completion());
        }
    }

    @Test
    void shouldDrawTheSameSamplesWhateverTheSlotsAndThreads() {
        // Given: the quickstart's decoding
        DecodingParameters parameters = new DecodingParameters(0.2, 0.95, 50, NEW_TOKENS, 7);
        List<Prompt> prompts = fixture.greedy().stream()
                .limit(6)
                .map(greedy -> new Prompt(greedy.problem(), greedy.prompt(), List.of(0, 1, 2)))
                .toList();

        // When
        Map<String, List<Integer>> alone = draw(prompts, parameters, 1, 1);
        Map<String, List<Integer>> together = draw(prompts, parameters, 32, 2);

        // Then
        assertThat(alone).hasSize(18).isEqualTo(together);
        assertThat(alone.values()).anySatisfy(tokens -> assertThat(tokens).hasSizeGreaterThan(8));
        assertThat(Set.copyOf(alone.values())).hasSizeGreaterThan(6);
    }

    private static Map<String, List<Integer>> draw(
            List<Prompt> prompts, DecodingParameters parameters, int slots, int threads) {
        Map<String, List<Integer>> samples = new HashMap<>();
        try (GenerationEngine engine =
                GenerationEngine.open(directory, new EngineSettings(threads, slots, 512, ArithmeticMode.EXACT))) {
            engine.generate(
                    prompts.iterator(),
                    parameters,
                    new StopCondition(Set.copyOf(engine.metadata().eosTokenIds()), List.of()),
                    completion -> samples.put(
                            completion.problem() + "/" + completion.index(),
                            IntStream.of(completion.tokens()).boxed().toList()),
                    () -> false);
        }
        return samples;
    }

    @Test
    void shouldEndEarlyWhenAStopStringAppears() {
        // Given: a completion's own line break, behind which it goes on
        TransformersFixture.Greedy greedy = fixture.greedy().getFirst();
        try (Tokenizer tokenizer = Tokenizer.open(directory);
                GenerationEngine engine =
                        GenerationEngine.open(directory, new EngineSettings(2, 1, 512, ArithmeticMode.EXACT))) {
            String whole = new CompletionText(tokenizer).of(greedy.prompt(), greedy.completion());
            String expected = whole.substring(0, whole.indexOf('\n') + 1);

            // When
            engine.generate(
                    List.of(new Prompt("p", greedy.prompt(), List.of(0))).iterator(),
                    DecodingParameters.greedy(NEW_TOKENS),
                    new StopCondition(Set.of(), List.of("\n")),
                    completion -> {

                        // Then
                        String text = new CompletionText(tokenizer).of(greedy.prompt(), completion.tokens());
                        assertThat(completion.reason()).isEqualTo(FinishReason.STOP_STRING);
                        assertThat(completion.tokens().length).isLessThan(greedy.completion().length);
                        assertThat(text).startsWith(expected).startsWith("    ");
                    },
                    () -> false);
        }
    }
}
