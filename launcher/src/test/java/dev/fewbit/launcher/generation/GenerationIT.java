package dev.fewbit.launcher.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.EngineFacts;
import dev.fewbit.generation.EngineOptions;
import dev.fewbit.generation.GenerationDevice;
import dev.fewbit.generation.OnnxCompletionGenerators;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import dev.fewbit.quantizer.artifact.LocalQuantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference model at 4 bits, on the first problems of its own benchmark. */
class GenerationIT {
    private static final int PROBLEMS = 3;
    private static final int SAMPLES = 2;

    @TempDir
    static Path directory;

    private static Path artifact;
    private static EngineOptions engine;

    @BeforeAll
    static void quantize() {
        artifact = directory.resolve("artifact");
        new LocalQuantization()
                .quantize(
                        Installation.current().root().resolve("reference-model/checkpoint"),
                        Recipe.roundToNearest(4),
                        artifact);
        engine = new EngineOptions(
                GenerationDevice.PROCESSOR,
                1,
                4,
                0,
                HalfNumbers.FP16,
                GpuKernels.NONE,
                512,
                false,
                directory,
                Optional.empty());
    }

    @Test
    void shouldMakeTheSameFileWhenStoppedAndGoneOnWith() throws IOException {
        // Given
        Path whole = directory.resolve("whole.jsonl");
        GenerationRun run = generation(whole, ours(), DecodingSpec.standard()).run();
        Path stopped = directory.resolve("stopped.jsonl");
        Generation dying = generation(stopped, new Failing(ours(), SAMPLES + 1), DecodingSpec.standard());
        assertThatThrownBy(dying::run).hasMessage("power cut");
        assertThat(stopped).doesNotExist();
        assertThat(Files.readAllLines(directory.resolve("stopped.jsonl.part"))).hasSize(1 + SAMPLES + 1);

        // When
        GenerationRun later =
                generation(stopped, ours(), DecodingSpec.standard()).run();

        // Then
        assertThat(Files.readString(stopped)).isEqualTo(Files.readString(whole));
        assertThat(later.identity()).isEqualTo(run.identity());
        assertThat(later.samples()).isEqualTo(PROBLEMS * SAMPLES);
        assertThat(directory.resolve("stopped.jsonl.part")).doesNotExist();
        assertThat(directory.resolve("stopped.jsonl.provenance.json")).exists();
    }

    @Test
    void shouldDoNothingTwiceAndOverwriteNothingWhenTheFileIsThere() {
        // Given
        Path out = directory.resolve("there.jsonl");
        GenerationRun first = generation(out, ours(), DecodingSpec.standard()).run();

        // When
        GenerationRun second =
                generation(out, new Failing(ours(), 0), DecodingSpec.standard()).run();

        // Then
        assertThat(second.tokens()).isEqualTo(first.tokens());
        assertThat(second.tokensPerSecond()).isNull();
        assertThatThrownBy(generation(out, ours(), DecodingSpec.greedy(20))::run)
                .isInstanceOf(LauncherException.class)
                .hasMessage(out + " holds samples of another generation; remove it or choose another --out");
    }

    private static CompletionGenerators ours() {
        return new OnnxCompletionGenerators(engine);
    }

    private static Generation generation(Path out, CompletionGenerators generators, DecodingSpec decoding) {
        return new Generation(
                new BenchmarkLoader(Installation.current().root(), Optional.empty()),
                generators,
                new GenerationOrder(artifact, "reference-python", PROBLEMS, SAMPLES, decoding, out, engine),
                (done, total, tokens) -> {});
    }

    /** Dies after so many samples. */
    private record Failing(CompletionGenerators generators, int after) implements CompletionGenerators {
        @Override
        public EngineFacts facts(ExecutionMode mode) {
            return generators.facts(mode);
        }

        @Override
        public CompletionGenerator open(Path directory, ExecutionMode mode) {
            return new FailingGenerator(generators.open(directory, mode), after);
        }
    }
}
