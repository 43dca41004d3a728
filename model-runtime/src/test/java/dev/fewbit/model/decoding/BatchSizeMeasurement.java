package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.architecture.WeightSource;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often the size of the batch changes a greedy completion; not a test that runs by itself. {@code docs/methods.md} has
 * the command and what came of it.
 */
class BatchSizeMeasurement {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final Path CHECKPOINT =
            ROOT.resolve(System.getProperty("measure.checkpoint", "reference-model/checkpoint"));
    private static final Path BENCHMARKS =
            ROOT.resolve(System.getProperty("measure.benchmarks", "reference-model/benchmark"));
    private static final int PROMPTS = 40;

    @TempDir
    Path directory;

    @Test
    void shouldPrintHowManyGreedyCompletionsDiffer() throws IOException {
        System.out.println("| bits | mode | completions that differ between 1 and 32 slots |");
        System.out.println("|---|---|---|");
        try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINT);
                Tokenizer tokenizer = Tokenizer.open(CHECKPOINT)) {
            List<Prompt> prompts = prompts(tokenizer);
            for (int bits : new int[] {16, 4, 2}) {
                Path artifact = Files.createDirectory(directory.resolve("artifact-" + bits));
                WeightSource weights = new CheckpointWeights(checkpoint);
                DecoderGraph.write(
                        checkpoint.config(),
                        bits == 16 ? weights : new RoundedWeights(weights, bits, 64, false, false),
                        artifact);
                Files.copy(CHECKPOINT.resolve("tokenizer.json"), artifact.resolve("tokenizer.json"));
                for (ArithmeticMode mode :
                        bits == 16 ? List.of(ArithmeticMode.EXACT) : List.of(ArithmeticMode.values())) {
                    Map<String, int[]> alone = complete(artifact, mode, 1, prompts);
                    Map<String, int[]> together = complete(artifact, mode, 32, prompts);
                    long differing = alone.keySet().stream()
                            .filter(problem -> !Arrays.equals(alone.get(problem), together.get(problem)))
                            .count();
                    System.out.printf("| %d | %s | %d of %d |%n", bits, mode, differing, PROMPTS);
                    assertThat(together).hasSameSizeAs(alone).hasSize(PROMPTS);
                }
            }
        }
    }

    private static Map<String, int[]> complete(Path artifact, ArithmeticMode mode, int slots, List<Prompt> prompts) {
        Map<String, int[]> completions = new TreeMap<>();
        try (GenerationEngine engine = GenerationEngine.open(artifact, new EngineSettings(2, slots, 640, mode))) {
            engine.generate(
                    prompts.iterator(),
                    DecodingParameters.greedy(120),
                    new StopCondition(Set.copyOf(engine.metadata().eosTokenIds()), List.of()),
                    completion -> completions.put(completion.problem(), completion.tokens()),
                    () -> false);
        }
        return completions;
    }

    private static List<Prompt> prompts(Tokenizer tokenizer) throws IOException {
        List<Prompt> prompts = new ArrayList<>();
        for (String language : List.of("python", "java")) {
            List<String> lines = Files.readAllLines(BENCHMARKS.resolve(language + ".jsonl"));
            for (int i = 0; i < PROMPTS / 2; i++) {
                JsonNode problem = new JsonMapper().readTree(lines.get(i * (lines.size() / (PROMPTS / 2))));
                prompts.add(new Prompt(
                        language + "/" + problem.path("name").textValue(),
                        tokenizer.encode(problem.path("prompt").textValue()),
                        List.of(0)));
            }
        }
        return prompts;
    }
}
