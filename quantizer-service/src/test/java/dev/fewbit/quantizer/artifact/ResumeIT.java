package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.work.WorkStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work that stopped or was killed goes on at the first layer that is not finished, and ends in the same bytes. */
class ResumeIT {
    private static final Path REFERENCE = Path.of(System.getProperty("fewbit.root"), "reference-model");
    private static final String LAST_LAYER = "layer 2 of 2, mlp.down_proj";
    private static final String PASS = "all windows through the 16-bit model";

    @TempDir
    private Path directory;

    private Path checkpoint;

    @BeforeEach
    void install() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
        Path texts = Files.createDirectories(directory.resolve("reference-model/texts"));
        Files.copy(REFERENCE.resolve("texts/calibration-text.jsonl.gz"), texts.resolve("calibration-text.jsonl.gz"));
    }

    @ParameterizedTest
    @EnumSource(names = {"AWQ", "GPTQ", "GPTQ_PLUS", "GPTQ_PLUS_TUNED"})
    void shouldEndInTheSameBytesWhereverItWasStopped(Method method) throws IOException {
        // Given
        List<String> steps = new ArrayList<>();
        String undisturbed = store("undisturbed")
                .quantize(checkpoint, recipe(method), Instant.now(), watching(steps, null))
                .id();
        assertThat(steps).contains(LAST_LAYER);

        // When: it is stopped at the last linear of the last layer, and then goes on
        StoredQuantization store = store("stopped");
        assertThatThrownBy(() -> store.quantize(
                        checkpoint, recipe(method), Instant.now(), watching(new ArrayList<>(), LAST_LAYER)))
                .isInstanceOf(BuildStoppedException.class);
        assertThat(directory.resolve("stopped-unfinished")).isNotEmptyDirectory();
        List<String> resumed = new ArrayList<>();
        String finished = store.quantize(checkpoint, recipe(method), Instant.now(), watching(resumed, null))
                .id();

        // Then
        assertThat(finished).isEqualTo(undisturbed);
        assertThat(resumed)
                .contains(LAST_LAYER)
                .noneMatch(step -> step.startsWith("layer 1 "))
                .anyMatch(step -> step.startsWith("layer 2 of 2, self_attn.q_proj"));
        assertThat(directory.resolve("stopped-unfinished")).isEmptyDirectory();
    }

    @Test
    void shouldPassThroughTheModelOnceWhenItIsStoppedBehindThePass() throws IOException {
        // Given
        Recipe recipe = recipe(Method.GPTQ_PLUS);
        List<String> steps = new ArrayList<>();
        String undisturbed = store("undisturbed")
                .quantize(checkpoint, recipe, Instant.now(), watching(steps, null))
                .id();
        assertThat(steps).containsOnlyOnce(PASS);

        // When: it is stopped before a layer is finished, and then goes on
        List<String> stopped = new ArrayList<>();
        List<String> resumed = new ArrayList<>();
        StoredQuantization store = store("stopped");
        assertThatThrownBy(() -> store.quantize(
                        checkpoint, recipe, Instant.now(), watching(stopped, "layer 1 of 2, self_attn.q_proj")))
                .isInstanceOf(BuildStoppedException.class);
        String finished = store.quantize(checkpoint, recipe, Instant.now(), watching(resumed, null))
                .id();

        // Then
        assertThat(stopped).containsOnlyOnce(PASS);
        assertThat(resumed).doesNotContain(PASS).contains("layer 1 of 2, self_attn.q_proj");
        assertThat(finished).isEqualTo(undisturbed);
    }

    @Test
    void shouldGoOnWithATrainingWhereItsStateSays() throws IOException {
        // Given
        List<String> steps = new ArrayList<>();
        Recipe recipe = recipe(Method.GPTQ_PLUS_TUNED);
        String undisturbed = store("undisturbed")
                .quantize(checkpoint, recipe, Instant.now(), watching(steps, null))
                .id();
        List<String> training =
                steps.stream().filter(step -> step.startsWith("step ")).toList();
        String late = training.get(training.size() * 3 / 4).replaceFirst(",.*", "");

        // When
        StoredQuantization store = store("stopped");
        assertThatThrownBy(() -> store.quantize(checkpoint, recipe, Instant.now(), watching(new ArrayList<>(), late)))
                .isInstanceOf(BuildStoppedException.class);
        List<String> resumed = new ArrayList<>();
        String finished = store.quantize(checkpoint, recipe, Instant.now(), watching(resumed, null))
                .id();

        // Then
        assertThat(finished).isEqualTo(undisturbed);
        assertThat(resumed).noneMatch(step -> step.startsWith("layer ")).hasSizeLessThan(steps.size());
    }

    @Test
    void shouldGoOnAfterItsProcessWasKilled() throws Exception {
        // Given
        LocalQuantization quantization = new LocalQuantization(directory);
        quantization.quantize(checkpoint, recipe(Method.GPTQ_PLUS), directory.resolve("undisturbed"));
        Path reached = directory.resolve("reached");
        Path out = directory.resolve("out");
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dfewbit.root=" + System.getProperty("fewbit.root"),
                        HangsInTheLastLayer.class.getName(),
                        directory.toString(),
                        out.toString(),
                        reached.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            while (!Files.exists(reached)) {
                assertThat(child.isAlive())
                        .as(Files.readString(directory.resolve("log")))
                        .isTrue();
                Thread.onSpinWait();
            }
        } finally {
            // SIGKILL: nothing of it runs any more.
            child.destroyForcibly().waitFor();
        }
        assertThat(out).doesNotExist();
        assertThat(unfinished()).hasSize(1);

        // When
        List<String> resumed = new ArrayList<>();
        quantization.quantize(checkpoint, recipe(Method.GPTQ_PLUS), out, false, watching(resumed, null));

        // Then
        assertThat(resumed).noneMatch(step -> step.startsWith("layer 1 "));
        try (Stream<Path> files = Files.list(directory.resolve("undisturbed"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(
                            file -> assertThat(out.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
        assertThat(unfinished()).isEmpty();
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> path.getFileName().toString().startsWith(".out."))
                    .toList();
        }
    }

    /** Runs in a process of its own: says when it has reached the last linear, and waits there to be killed. */
    static final class HangsInTheLastLayer {
        private HangsInTheLastLayer() {}

        public static void main(String[] args) {
            Path directory = Path.of(args[0]);
            new LocalQuantization(directory)
                    .quantize(
                            directory.resolve("checkpoint"),
                            recipe(Method.GPTQ_PLUS),
                            Path.of(args[1]),
                            false,
                            new BuildObserver() {
                                @Override
                                public void linearsWritten(int done, int total, long weights) {
                                    // Waits for a linear to be begun.
                                }

                                @Override
                                public void working(WorkStep step) {
                                    if (step.current().equals(LAST_LAYER)) {
                                        hang(Path.of(args[2]));
                                    }
                                }
                            });
        }

        private static void hang(Path reached) {
            try {
                Files.createFile(reached);
                new CountDownLatch(1).await();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private StoredQuantization store(String name) throws IOException {
        return new StoredQuantization(
                new DirectoryArtifactStore(directory.resolve(name)),
                ArtifactTexts.of(directory),
                directory.resolve(name + "-unfinished"));
    }

    private static Recipe recipe(Method method) {
        return new Recipe(method, 3, 32, false, new CalibrationSpec("random", null, 6, 16, 3L), null);
    }

    /** Notes every step, and stops at the first that begins with {@code last}. */
    private static BuildObserver watching(List<String> steps, String last) {
        return new BuildObserver() {
            @Override
            public void linearsWritten(int done, int total, long weights) {
                // The steps say more.
            }

            @Override
            public void working(WorkStep step) {
                steps.add(step.current());
                if (last != null && step.current().startsWith(last)) {
                    throw new BuildStoppedException("stopped at " + last);
                }
            }
        };
    }
}
