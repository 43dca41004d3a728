package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.cuda.CudaEngine;
import dev.fewbit.quantizer.cuda.CudaException;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.InputSums;
import dev.fewbit.quantizer.streams.WeightRounding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A weight rounded on both devices. A product that differs in its last bit moves a weight across the middle between two codes here and
 * there, and what is behind follows; the loss {@code tr(E H E')}, which both make small, tells whether they do the same.
 */
class CudaRoundingIT {
    private static final int N = 96;
    /** A short last block. */
    private static final int K = 1100;

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(4);

    @ParameterizedTest
    @CsvSource({
        "GPTQ, 4, 64, false, false",
        "GPTQ, 3, 128, true, true",
        "GPTQ_PLUS, 4, 64, false, false",
        "GPTQ_PLUS, 2, 32, false, true",
        "GPTQ_PLUS, 3, 128, true, false"
    })
    void shouldReachTheLossOfTheProcessor(Method method, int bits, int block, boolean symmetric, boolean order)
            throws IOException {
        try (CalibrationStreams streams = open();
                Arena arena = Arena.ofShared()) {
            // Given
            Matrix weight = gaussian(arena, N, K);
            LinearInputs inputs = LinearInputs.of(
                    arena,
                    "w",
                    new InputSums(products(arena), null, null, null),
                    Factorizer.onHost(),
                    0.05,
                    note -> {});
            CalibrationSpec text = new CalibrationSpec("code", null, 16, 256, null);
            StepsSpec steps = method == Method.GPTQ
                    ? new StepsSpec(null, null, null, null, null, null, order ? true : null)
                    : new StepsSpec(true, false, false, false, 2, true, order);
            CalibratedRounding rounding =
                    new CalibratedRounding(new Recipe(method, bits, block, symmetric, text, steps));
            Optional<WeightRounding> device = streams.rounding(K);

            // When
            CalibratedRounding.Rounded host = rounding.round(arena, "w", weight, inputs, null, Optional.empty());
            CalibratedRounding.Rounded cuda = rounding.round(arena, "w", weight, inputs, null, device);

            // Then
            assertThat(device).isPresent();
            double loss = loss(arena, weight, host.restored(), inputs.hessian());
            assertThat(loss(arena, weight, cuda.restored(), inputs.hessian()))
                    .isCloseTo(loss, Percentage.withPercentage(0.5));
            assertThat(equalBytes(cuda, host)).isGreaterThan(0.9);
        }
    }

    private CalibrationStreams open() throws IOException {
        ModelConfig config = ModelConfig.read(new TinyCheckpoint("F32").write(directory));
        try {
            return new CudaEngine().open(config, 1, 8, (window, x) -> {}, null);
        } catch (CudaException e) {
            System.out.println("not run: " + e.getMessage());
            return Assumptions.abort(e.getMessage());
        }
    }

    private static double equalBytes(CalibratedRounding.Rounded a, CalibratedRounding.Rounded b) {
        byte[] x = bytes(a);
        byte[] y = bytes(b);
        int equal = 0;
        for (int i = 0; i < x.length; i++) {
            equal += x[i] == y[i] ? 1 : 0;
        }
        return (double) equal / x.length;
    }

    private static byte[] bytes(CalibratedRounding.Rounded rounded) {
        return ((BlockQuantizedWeight) rounded.linear().weight()).codes().toArray(ValueLayout.JAVA_BYTE);
    }

    private static double loss(Arena arena, Matrix weight, Matrix restored, Matrix hessian) {
        Matrix errors = weight.copy(arena);
        errors.subtract(restored);
        Matrix weighted = Matrix.allocate(arena, N, K);
        Products.times(errors, hessian, weighted);
        double loss = 0;
        for (int row = 0; row < N; row++) {
            for (int column = 0; column < K; column++) {
                loss += (double) errors.get(row, column) * weighted.get(row, column);
            }
        }
        return loss;
    }

    /** Of inputs that have to do with one another, some larger than others. */
    private Matrix products(Arena arena) {
        Matrix inputs = gaussian(arena, 2 * K, K);
        for (int row = 0; row < inputs.rows(); row++) {
            float[] values = inputs.row(row);
            for (int i = 1; i < K; i++) {
                values[i] = (0.5f * values[i - 1] + values[i]) * (i % 50 == 0 ? 3 : 1);
            }
            inputs.setRow(row, values);
        }
        Matrix sum = Matrix.allocate(arena, K, K);
        Products.addTransposedTimes(inputs, inputs, sum);
        return sum;
    }

    private Matrix gaussian(Arena arena, int rows, int columns) {
        Matrix matrix = Matrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            float[] values = new float[columns];
            for (int i = 0; i < columns; i++) {
                values[i] = (float) random.nextGaussian();
            }
            matrix.setRow(row, values);
        }
        return matrix;
    }
}
