package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a training does, whatever computes it. */
abstract class TunedTrainingContract {
    static final TrainingSpec SPEC = new TrainingSpec(6, 9, 0.05, 5e-3, 2, 0.1, 5, 3, 1, 2, 2, 0);

    final Fixture fixture = new Fixture();
    Checkpoint checkpoint;
    List<Map<LayerLinear, BlockQuantizedWeight>> start;

    /** The two ways to train. */
    enum Mode {
        END_TO_END {
            @Override
            List<Map<LayerLinear, BlockQuantizedWeight>> train(
                    TunedTraining training, List<Map<LayerLinear, BlockQuantizedWeight>> start) {
                return training.endToEnd(start);
            }
        },
        LAYER_BY_LAYER {
            @Override
            List<Map<LayerLinear, BlockQuantizedWeight>> train(
                    TunedTraining training, List<Map<LayerLinear, BlockQuantizedWeight>> start) {
                return training.layerByLayer(start);
            }
        };

        abstract List<Map<LayerLinear, BlockQuantizedWeight>> train(
                TunedTraining training, List<Map<LayerLinear, BlockQuantizedWeight>> start);
    }

    /** What computes it. */
    abstract TrainingEngine engine();

    @BeforeEach
    void openCheckpoint() {
        checkpoint = Fixture.checkpoint();
        start = fixture.start(checkpoint);
    }

    @AfterEach
    void closeCheckpoint() {
        checkpoint.close();
    }

    @Test
    void shouldLowerTheDivergenceWhenTrainedEndToEnd() {
        // Given
        List<Double> best = new ArrayList<>();
        TrainingSpec spec = new TrainingSpec(60, 3, 0.05, 5e-3, 2, 0.1, 0, 1, 0, 5, 50, 0);

        // When
        training(spec, TrainingStore.NONE, (step, steps, loss, sofar) -> best.add(sofar))
                .endToEnd(start);

        // Then
        assertThat(best).hasSize(61);
        assertThat(best.getFirst()).isBetween(0.999 * fixture.loss(), 1.001 * fixture.loss());
        assertThat(best.getLast()).isLessThan(0.5 * best.getFirst());
    }

    @Test
    void shouldLowerTheDistanceOfEveryLayerWhenTrainedLayerByLayer() {
        // Given
        List<Double> best = new ArrayList<>();
        TrainingSpec spec = new TrainingSpec(40, 3, 0.05, 5e-3, 2, 0.1, 0, 1, 0, 5, 50, 0);

        // When
        training(spec, TrainingStore.NONE, (step, steps, loss, sofar) -> best.add(sofar))
                .layerByLayer(start);

        // Then
        assertThat(best).hasSize(82);
        assertThat(best.get(40)).isLessThan(0.8 * best.get(0));
        assertThat(best.get(81)).isLessThan(0.8 * best.get(41));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldGiveTheSameBytesWhenKilledAndTakenUpAgain(Mode mode) {
        // Given
        List<Map<LayerLinear, BlockQuantizedWeight>> expected =
                mode.train(training(SPEC, TrainingStore.NONE, TrainingObserver.NONE), start);
        for (int killedAt : new int[] {1, 3, 5}) {
            Kept store = new Kept();
            int[] left = {mode == Mode.END_TO_END ? killedAt : SPEC.steps() + 1 + killedAt};
            assertThatThrownBy(() -> mode.train(
                            training(SPEC, store, (step, steps, loss, best) -> {
                                if (left[0]-- == 0) {
                                    throw new IllegalStateException("killed");
                                }
                            }),
                            start))
                    .hasMessage("killed");
            List<Integer> made = new ArrayList<>();

            // When
            List<Map<LayerLinear, BlockQuantizedWeight>> found =
                    mode.train(training(SPEC, store, (step, steps, loss, best) -> made.add(step)), start);

            // Then
            assertSame(found, expected);
            int before = mode == Mode.END_TO_END ? 0 : SPEC.steps();
            assertThat(made.getFirst()).isEqualTo(killedAt < 2 ? before : before + killedAt / 2 * 2 + 1);
        }
    }

    TunedTraining training(TrainingSpec spec, TrainingStore store, TrainingObserver observer) {
        TokenWindows windows = fixture.windows();
        return new TunedTraining(checkpoint, windows, spec, store, observer, engine());
    }

    static void assertSame(
            List<Map<LayerLinear, BlockQuantizedWeight>> found, List<Map<LayerLinear, BlockQuantizedWeight>> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            for (LayerLinear linear : LayerLinear.values()) {
                BlockQuantizedWeight a = found.get(i).get(linear);
                BlockQuantizedWeight b = expected.get(i).get(linear);
                assertThat(a.codes().mismatch(b.codes())).as("%d %s", i, linear).isEqualTo(-1);
                assertThat(a.scales().mismatch(b.scales()))
                        .as("%d %s", i, linear)
                        .isEqualTo(-1);
            }
        }
    }

    /** A store in memory. */
    private static final class Kept implements TrainingStore {
        private byte[] bytes;

        @Override
        public Optional<MemorySegment> read(Arena arena) {
            return Optional.ofNullable(bytes).map(MemorySegment::ofArray);
        }

        @Override
        public void write(List<MemorySegment> parts) {
            bytes = new byte
                    [Math.toIntExact(
                            parts.stream().mapToLong(MemorySegment::byteSize).sum())];
            MemorySegment all = MemorySegment.ofArray(bytes);
            long at = 0;
            for (MemorySegment part : parts) {
                all.asSlice(at, part.byteSize()).copyFrom(part);
                at += part.byteSize();
            }
        }
    }
}
