package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RandomLlama;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.decoding.Completion;
import dev.fewbit.model.decoding.DecodingParameters;
import dev.fewbit.model.decoding.EngineSettings;
import dev.fewbit.model.decoding.FinishReason;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.decoding.Prompt;
import dev.fewbit.model.decoding.StopCondition;
import dev.fewbit.model.session.ArithmeticMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole engine over the decoder for devices, beside the engine of the processor. */
class ResidentGenerationTest {
    private static final int SLOTS = 5;
    private static final int LENGTH = 60;
    private static final int CHUNK = 8;

    @TempDir
    Path directory;

    @Test
    void shouldDrawTheSameCompletionsAsTheProcessorsEngineWhenTheDecoderIsResident() throws IOException {
        // Given: prompts of up to three chunks, samples that share a prefill, ends by token, by count and by a full
        // slot
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), new RoundedWeights(llama, 4, 32, false, false), directory);
        Files.writeString(
                directory.resolve("tokenizer.json"),
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"vocab\": {}}}");

        // When
        Map<String, List<Integer>> expected;
        try (GenerationEngine engine =
                GenerationEngine.open(directory, new EngineSettings(1, SLOTS, LENGTH, ArithmeticMode.EXACT))) {
            expected = generate(engine);
        }
        Map<String, List<Integer>> found;
        Map<String, String> circumstances;
        try (Placement placement = Placement.processor();
                GenerationEngine engine = GenerationEngine.over(
                        ResidentDecoder.open(directory, placement, ResidentSettings.of(SLOTS, LENGTH)),
                        directory,
                        CHUNK)) {
            found = generate(engine);
            circumstances = engine.circumstances();
        }

        // Then
        assertThat(found).hasSize(9 * 3).isEqualTo(expected);
        assertThat(circumstances)
                .containsEntry("engine.slots", "5")
                .containsEntry("engine.linears", "codes")
                .containsEntry("engine.graphs", "false")
                .containsEntry("engine.kernels", "none")
                .containsEntry("device", "cpu");
        assertThat(circumstances.get("device.memory"))
                .startsWith("1 MiB of weights, 1 MiB of keys and values (5 slots of 0.0 MiB)");
    }

    private static Map<String, List<Integer>> generate(GenerationEngine engine) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            int seed = i;
            int[] tokens = IntStream.range(0, 3 + 2 * i)
                    .map(at -> (at * 37 + seed * 53 + 11) % 200)
                    .toArray();
            prompts.add(new Prompt("p" + i, tokens, List.of(0, 1, 2)));
        }
        List<Completion> completions = new ArrayList<>();
        engine.generate(
                prompts.iterator(),
                new DecodingParameters(0.8, 0.95, 40, 44, 7),
                new StopCondition(Set.of(17, 40, 99), List.of()),
                completions::add,
                () -> false);
        assertThat(completions.stream().map(Completion::reason).collect(Collectors.toSet()))
                .contains(FinishReason.END_TOKEN, FinishReason.MAX_LENGTH);
        Map<String, List<Integer>> drawn = new TreeMap<>();
        completions.forEach(completion -> drawn.put(
                completion.problem() + "/" + completion.index(),
                Arrays.stream(completion.tokens()).boxed().toList()));
        return drawn;
    }
}
