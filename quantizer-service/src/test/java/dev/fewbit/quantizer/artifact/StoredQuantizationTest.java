package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredQuantizationTest {
    @TempDir
    private Path directory;

    private Path checkpoint;
    private StoredQuantization quantization;

    @BeforeEach
    void write() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
        quantization = new StoredQuantization(
                new DirectoryArtifactStore(directory.resolve("store")), ArtifactTexts.of(directory));
    }

    @Test
    void shouldReuseWhenTheSameWasMadeBeforeAndOnlyThen() throws IOException {
        StoredArtifact made = quantize(Recipe.roundToNearest(4));

        assertThat(made.reused()).isFalse();
        assertThat(made.linears()).isEqualTo(14);
        assertThat(quantize(Recipe.roundToNearest(4)))
                .isEqualTo(
                        new StoredArtifact(made.id(), made.manifest(), made.seconds(), true, 14, made.linearWeights()));
        assertThat(quantize(new Recipe(Method.RTN, 4, 32, false)).reused()).isFalse();
        assertThat(quantize(new Recipe(Method.RTN, 4, 64, true)).reused()).isFalse();
        assertThat(quantize(Recipe.roundToNearest(3)).reused()).isFalse();
        new TinyCheckpoint("BF16").with("model.norm.weight", 0, 3).write(checkpoint);
        assertThat(quantize(Recipe.roundToNearest(4)).reused()).isFalse();
    }

    @Test
    void shouldNotCallItReusedWhenAnAttemptThatDiedMadeItAfterTheJobWasAskedFor() throws IOException {
        // Given: the first attempt stored the artifact and was killed before the job's row said so
        Instant askedAt = Instant.now();
        StoredArtifact first = quantize(Recipe.roundToNearest(4));

        // When
        StoredArtifact second =
                quantization.quantize(checkpoint, Recipe.roundToNearest(4), askedAt, BuildObserver.NONE);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(second.reused()).isFalse();
    }

    @Test
    void shouldIgnoreWhatTheBaselineDoesNotUseWhenLookingForIt() throws IOException {
        StoredArtifact made = quantize(Recipe.baseline());

        assertThat(quantize(new Recipe(Method.NONE, 16, 128, true)).id()).isEqualTo(made.id());
        assertThat(quantize(new Recipe(Method.NONE, 16, 128, true)).reused()).isTrue();
    }

    @Test
    void shouldGiveAllMakersTheFirstOnesArtifactWhenTheyMakeItAtATime() throws Exception {
        // Given
        int makers = 4;
        CyclicBarrier start = new CyclicBarrier(makers);

        // When
        List<StoredArtifact> artifacts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(makers)) {
            List<Future<StoredArtifact>> futures = new ArrayList<>();
            for (int i = 0; i < makers; i++) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return quantize(Recipe.roundToNearest(2));
                }));
            }
            for (Future<StoredArtifact> future : futures) {
                artifacts.add(future.get());
            }
        }

        // Then
        assertThat(artifacts)
                .extracting(StoredArtifact::id)
                .containsOnly(artifacts.getFirst().id());
        assertThat(artifacts)
                .extracting(StoredArtifact::seconds)
                .containsOnly(artifacts.getFirst().seconds());
        assertThat(artifacts).extracting(StoredArtifact::reused).containsOnly(false);
        assertThat(directory.resolve("store/workspaces")).isEmptyDirectory();
    }

    @Test
    void shouldLeaveNoWorkspaceWhenItFailsOrIsStopped() throws IOException {
        assertThatThrownBy(() -> quantization.quantize(
                        checkpoint, Recipe.roundToNearest(2), Instant.now(), (done, total, weights) -> {
                            if (done == 5) {
                                throw new BuildStoppedException("fenced");
                            }
                        }))
                .isInstanceOf(BuildStoppedException.class);
        new TinyCheckpoint("BF16").with("model.norm.weight", 0, Float.NaN).write(checkpoint);
        assertThatThrownBy(() -> quantize(Recipe.roundToNearest(2)))
                .isInstanceOf(QuantizationException.class)
                .hasMessage("tensor 'model.norm.weight' holds NaN; allowed: finite weights");

        assertThat(directory.resolve("store/workspaces")).isEmptyDirectory();
        assertThat(directory.resolve("store/artifacts")).isEmptyDirectory();
    }

    private StoredArtifact quantize(Recipe recipe) throws IOException {
        return quantization.quantize(checkpoint, recipe, Instant.now(), BuildObserver.NONE);
    }
}
