package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.architecture.WeightSource;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.session.ArithmeticMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast completions are drawn; not a test that runs by itself. {@code docs/performance.md} has the command and what came
 * of it.
 */
class GenerationSpeedMeasurement {
    private static final Path CHECKPOINT = Path.of(
            System.getProperty("fewbit.root"), System.getProperty("measure.checkpoint", "reference-model/checkpoint"));
    private static final int THREADS = Integer.getInteger("measure.threads", 2);
    /** Wall clock means little where other processes take the cores; CPU time stays comparable. */
    private static final OperatingSystemMXBean OPERATING_SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private static final int[] BITS = list("measure.bits", "16,8,4,3,2");
    private static final int[] SLOTS = list("measure.slots", "1,8,16,32,48,64");
    private static final int PROBLEMS = Integer.getInteger("measure.problems", 64);
    private static final int SAMPLES = 3;
    private static final int NEW_TOKENS = Integer.getInteger("measure.tokens", 120);
    private static final int PROMPT_TOKENS = 160;
    private static final int MAX_LENGTH = 512;

    @TempDir
    Path directory;

    @Test
    void shouldPrintTokensPerSecond() throws IOException {
        System.out.println(
                "| bits | mode | slots | tokens/s | tokens/s of CPU time | prompt tokens/s beside | rows a step | load s |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINT)) {
            for (int bits : BITS) {
                WeightSource weights = new CheckpointWeights(checkpoint);
                Path artifact = Files.createDirectory(directory.resolve("artifact-" + bits));
                DecoderGraph.write(
                        checkpoint.config(),
                        bits == 16 ? weights : new RoundedWeights(weights, bits, 64, false, false),
                        artifact);
                Files.copy(
                        CHECKPOINT.resolve("tokenizer.json"),
                        artifact.resolve("tokenizer.json"),
                        StandardCopyOption.REPLACE_EXISTING);
                for (ArithmeticMode mode :
                        bits == 16 ? List.of(ArithmeticMode.EXACT) : List.of(ArithmeticMode.values())) {
                    for (int slots : SLOTS) {
                        measure(artifact, bits, mode, slots, checkpoint.config().vocabSize());
                    }
                }
            }
        }
    }

    private static void measure(Path artifact, int bits, ArithmeticMode mode, int slots, int vocabulary) {
        long start = System.nanoTime();
        EngineSettings settings = new EngineSettings(THREADS, slots, MAX_LENGTH, mode);
        try (GenerationEngine engine = GenerationEngine.open(artifact, settings)) {
            double load = seconds(start);
            generate(engine, Math.max(1, slots / SAMPLES), vocabulary);
            int problems = Math.min(PROBLEMS, 2 * slots);
            long begin = System.nanoTime();
            long cpuBegin = OPERATING_SYSTEM.getProcessCpuTime();
            GenerationStatistics statistics = generate(engine, problems, vocabulary);
            double took = seconds(begin);
            double cpu = (OPERATING_SYSTEM.getProcessCpuTime() - cpuBegin) / 1e9;
            System.out.printf(
                    "| %d | %s | %d | %.0f | %.0f | %.0f | %.1f | %.2f |%n",
                    bits,
                    mode,
                    slots,
                    statistics.tokens() / took,
                    statistics.tokens() / cpu,
                    statistics.prefillTokens() / took,
                    (double) statistics.rows() / statistics.steps(),
                    load);
            assertThat(statistics.completions()).isEqualTo((long) problems * SAMPLES);
        }
    }

    /** Prompts of random tokens, no end token: all completions are equally long, so that runs can be compared. */
    private static GenerationStatistics generate(GenerationEngine engine, int problems, int vocabulary) {
        Stream<Prompt> prompts = IntStream.range(0, problems)
                .mapToObj(problem -> new Prompt(
                        "problem-" + problem,
                        IntStream.range(0, PROMPT_TOKENS)
                                .map(i -> (i * 131 + problem * 977) % (vocabulary - 10) + 10)
                                .toArray(),
                        IntStream.range(0, SAMPLES).boxed().toList()));
        return engine.generate(
                prompts.iterator(),
                new DecodingParameters(0.2, 0.95, 50, NEW_TOKENS, 1),
                new StopCondition(Set.of(), List.of("\ndef ", "\nclass ", "\n    }\n")),
                completion -> {},
                () -> false);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static int[] list(String key, String standard) {
        return Arrays.stream(System.getProperty(key, standard).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
