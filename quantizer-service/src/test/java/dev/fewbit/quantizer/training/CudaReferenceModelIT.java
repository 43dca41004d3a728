package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.Gpu;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.method.QuantizationMethod;
import dev.fewbit.quantizer.training.cuda.CudaTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten steps on the reference model, on the processor and on the GPU. */
class CudaReferenceModelIT {
    private static final Path CHECKPOINT = Path.of(System.getProperty("fewbit.root"), "reference-model", "checkpoint");
    private static final TrainingSpec SPEC = new TrainingSpec(10, 8, 0.015, 2e-3, 1, 0.5, 0, 1, 4, 5, 50, 0);
    /** fp32 sums in another order leave gradients within some 1e-5; a weight in thousands moves elsewhere for it. */
    private static final double NEAR = 1e-3;

    private Checkpoint checkpoint;
    private List<Map<LayerLinear, BlockQuantizedWeight>> start;
    private TokenWindows windows;

    @BeforeAll
    static void requireGpu() {
        Gpu.open().close();
    }

    @BeforeEach
    void prepare() {
        checkpoint = Checkpoint.open(CHECKPOINT);
        start = new ArrayList<>();
        try (QuantizationMethod method = QuantizationMethod.of(Recipe.roundToNearest(3))) {
            for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
                Map<LayerLinear, BlockQuantizedWeight> linears = new EnumMap<>(LayerLinear.class);
                for (LayerLinear linear : LayerLinear.values()) {
                    linears.put(linear, (BlockQuantizedWeight) method.apply(checkpoint.tensor(linear.weight(layer)))
                            .weight());
                }
                start.add(linears);
            }
        }
        try (DecoderTraining decoder = new CudaTraining().decoder(checkpoint, 128)) {
            windows = new TokenWindows(decoder.write(44, new int[][] {{0}}, 1, 3));
        }
    }

    @AfterEach
    void closeCheckpoint() {
        checkpoint.close();
    }

    @Test
    void shouldGoDownAsOnTheProcessorWhenTrainedEndToEnd() {
        assertNear(
                losses(training -> training.endToEnd(start), TrainingEngine.HOST),
                losses(training -> training.endToEnd(start), new CudaTraining()));
    }

    @Test
    void shouldGoDownAsOnTheProcessorWhenTrainedLayerByLayer() {
        assertNear(
                losses(training -> training.layerByLayer(start), TrainingEngine.HOST),
                losses(training -> training.layerByLayer(start), new CudaTraining()));
    }

    private interface Way {
        List<Map<LayerLinear, BlockQuantizedWeight>> train(TunedTraining training);
    }

    private List<Double> losses(Way way, TrainingEngine engine) {
        List<Double> losses = new ArrayList<>();
        TrainingObserver observer = (step, steps, loss, best) -> losses.add(loss);
        way.train(new TunedTraining(checkpoint, windows, SPEC, TrainingStore.NONE, observer, engine));
        return losses;
    }

    private static void assertNear(List<Double> host, List<Double> gpu) {
        assertThat(gpu).hasSameSizeAs(host);
        for (int i = 0; i < host.size(); i++) {
            assertThat(gpu.get(i))
                    .as("%d of %s and %s", i, host, gpu)
                    .isCloseTo(host.get(i), within(NEAR * host.get(i)));
        }
    }
}
