package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TunedTrainingTest extends TunedTrainingContract {

    @Override
    TrainingEngine engine() {
        return TrainingEngine.HOST;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldGiveTheSameBytesWhateverTheNumberOfThreads(Mode mode) throws Exception {
        // When
        List<Map<LayerLinear, BlockQuantizedWeight>> one = trained(mode, 1);
        List<Map<LayerLinear, BlockQuantizedWeight>> three = trained(mode, 3);

        // Then
        assertSame(three, one);
        assertThat(one.getFirst()
                        .get(LayerLinear.DOWN)
                        .scales()
                        .mismatch(start.getFirst().get(LayerLinear.DOWN).scales()))
                .isNotNegative();
    }

    @Test
    void shouldEstimateTheMemoryOfATrainingFromItsShapes() {
        // When
        long bytes = TunedTraining.bytes(checkpoint.config(), 12);

        // Then: 2 layers; 24 bytes for each of 9,984 weights; 4 for each float of 96 tokens
        long tape = 4 * 32 + 2 * (4 + 2) * 16 + 3 * 40;
        assertThat(bytes).isEqualTo(2 * (9_984 * 24 + tape * 4 * 96));
    }

    private List<Map<LayerLinear, BlockQuantizedWeight>> trained(Mode mode, int threads)
            throws InterruptedException, ExecutionException {
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
            return pool.submit(() -> mode.train(training(SPEC, TrainingStore.NONE, TrainingObserver.NONE), start))
                    .get();
        }
    }
}
