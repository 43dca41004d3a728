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
    void shouldEndEarlyAndCutTheTextWhenAStopStringAppears() {
        // Given: a completion's own line break, behind which it goes on
        TransformersFixture.Greedy greedy = fixture.greedy().getFirst();
        try (Tokenizer tokenizer = Tokenizer.open(directory);
                GenerationEngine engine =
                        GenerationEngine.open(directory, new EngineSettings(2, 1, 512, ArithmeticMode.EXACT))) {
            String whole = new CompletionText(tokenizer, List.of()).of(greedy.prompt(), greedy.completion());
            String expected = whole.substring(0, whole.indexOf('\n'));

            // When
            engine.generate(
                    List.of(new Prompt("p", greedy.prompt(), List.of(0))).iterator(),
                    DecodingParameters.greedy(NEW_TOKENS),
                    new StopCondition(Set.of(), List.of("\n")),
                    completion -> {

                        // Then
                        String text =
                                new CompletionText(tokenizer, List.of("\n")).of(greedy.prompt(), completion.tokens());
                        assertThat(completion.reason()).isEqualTo(FinishReason.STOP_STRING);
                        assertThat(completion.tokens().length).isLessThan(greedy.completion().length);
                        assertThat(text).isEqualTo(expected).startsWith("    ");
                    },
                    () -> false);
        }
    }
}
