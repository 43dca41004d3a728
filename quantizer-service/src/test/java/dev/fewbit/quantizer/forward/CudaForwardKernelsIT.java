package dev.fewbit.quantizer.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Activation;
import dev.fewbit.model.decoder.NormKind;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.ArchitectureFixtures;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DecoderKernels;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.Gpu;
import dev.fewbit.quantizer.cuda.Matrices;
import dev.fewbit.quantizer.cuda.Rotary;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What architectures have beyond Llama, a kernel each, against the processor's code: they differ by a few roundings of fp32 a value. */
class CudaForwardKernelsIT {
    private static final double TOLERANCE = 1e-6;

    private final Arena arena = Arena.ofShared();
    private final Matrices matrices = new Matrices(arena, 8);
    private CudaDevice device;
    private DeviceArena memory;
    private DecoderKernels kernels;

    @BeforeEach
    void open() {
        device = Gpu.open();
        memory = device.newArena();
        kernels = new DecoderKernels(device);
    }

    @AfterEach
    void close() {
        if (device != null) {
            memory.close();
            device.close();
        }
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "RMS, 300, 300, 0, false",
        "RMS, 300, 300, 1, true",
        "RMS, 96, 32, 0, false",
        "LAYER, 300, 300, 0, true",
        "LAYER, 520, 520, 0, false",
        "LAYER, 96, 24, 1, true"
    })
    void shouldNormRowsAndHeads(NormKind kind, int columns, int width, double offset, boolean biased) {
        // Given: rows whose mean is not 0
        NormSpec norm = new NormSpec(kind, "gain", Optional.of("bias").filter(name -> biased), width, 1e-5, offset);
        Matrix x = shifted(matrices.gaussian(33, columns), 3);
        float[] gains = matrices.gaussian(1, width).row(0);
        Matrix bias = matrices.gaussian(1, width);
        Matrix expected = matrices.zeros(33, columns);

        // When: in place
        DeviceMatrix onDevice = device.upload(memory, x);
        DeviceMatrix gainsOnDevice = device.upload(memory, row(Norms.effective(norm, gains)));
        kernels.norm(norm, onDevice, gainsOnDevice, biased ? device.upload(memory, bias) : null, onDevice);
        Norms.apply(norm, gains, biased ? bias.row(0) : null, x, expected);

        // Then
        assertThat(Matrices.distance(matrices.downloaded(onDevice), expected)).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SILU", "GELU_TANH"})
    void shouldActivateWithAndWithoutFactors(Activation activation) {
        // Given: values as large as 12 and more
        Matrix x = shifted(matrices.gaussian(30, 50), 0);
        for (int i = 0; i < 50; i++) {
            x.set(7, i, x.get(7, i) * 40);
        }
        Matrix factors = matrices.gaussian(30, 50);
        DeviceMatrix alone = device.upload(memory, x);
        DeviceMatrix multiplied = memory.matrix(30, 50);

        // When
        kernels.activate(activation, alone, device.upload(memory, factors), multiplied);
        kernels.activate(activation, alone, null, alone);

        // Then
        Matrix expectedAlone = matrices.zeros(30, 50);
        Matrix expectedMultiplied = matrices.zeros(30, 50);
        for (int i = 0; i < 30; i++) {
            float[] row = x.row(i);
            Activations.apply(activation, row, null);
            expectedAlone.setRow(i, row);
            row = x.row(i);
            Activations.apply(activation, row, factors.row(i));
            expectedMultiplied.setRow(i, row);
        }
        assertThat(Matrices.distance(matrices.downloaded(alone), expectedAlone)).isLessThan(TOLERANCE);
        assertThat(Matrices.distance(matrices.downloaded(multiplied), expectedMultiplied))
                .isLessThan(TOLERANCE);
    }

    @Test
    void shouldCapScores() {
        // Given: far below the cap and far above
        Matrix scores = matrices.gaussian(20, 60);
        for (int i = 0; i < 60; i++) {
            scores.set(3, i, scores.get(3, i) * 100);
            scores.set(4, i, scores.get(4, i) * 1e4f);
        }
        DeviceMatrix onDevice = device.upload(memory, scores);

        // When
        kernels.cap(onDevice, 50);
        Activations.cap(scores, 20, 60, 50);

        // Then
        assertThat(Matrices.distance(matrices.downloaded(onDevice), scores)).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({"1", "7", "31", "40", "50", "2147483647"})
    void shouldWeighWhatTheWindowShows(int window) {
        // Given: queries 30 to 49 of two heads
        Matrix scores = matrices.gaussian(40, 50);
        DeviceMatrix onDevice = device.upload(memory, scores);

        // When
        kernels.causalSoftmax(onDevice, 40, 30, 20, 50, window);
        DecoderLayer.softmax(scores.rows(0, 20), 30, 20, 50, window);
        DecoderLayer.softmax(scores.rows(20, 20), 30, 20, 50, window);

        // Then
        Matrix found = matrices.downloaded(onDevice);
        assertThat(Matrices.distance(found, scores)).isLessThan(TOLERANCE);
        assertThat(found.get(39, 49)).isPositive();
        assertThat(found.get(39, Math.max(0, 50 - window))).isPositive();
        assertThat(window >= 50 || found.get(39, 49 - window) == 0).isTrue();
    }

    @Test
    void shouldTurnAPartOfEveryHeadWithMagnitude() {
        // Given: of heads of 64, 48 are turned; two windows of 20 tokens
        ModelConfig config = ArchitectureFixtures.config("phi-4-mini");
        Matrix heads = matrices.gaussian(40, 192);
        Matrix before = heads.copy(arena);
        DeviceMatrix onDevice = device.upload(memory, heads);
        Rotary rotary = Rotary.of(memory, config, 20);

        // When
        kernels.rotate(onDevice, rotary, 3, 1);
        RotaryPositions positions = new RotaryPositions(config, 20);
        positions.rotate(heads.rows(0, 20), 3);
        positions.rotate(heads.rows(20, 20), 3);

        // Then
        Matrix found = matrices.downloaded(onDevice);
        assertThat(rotary.half()).isEqualTo(24);
        assertThat(Matrices.distance(found, heads)).isLessThan(TOLERANCE);
        assertThat(found.get(39, 191)).isEqualTo(before.get(39, 191));
        assertThat(found.get(39, 128)).isNotEqualTo(before.get(39, 128));
    }

    @Test
    void shouldTurnNothingWherePositionsAreLearned() {
        Matrix heads = matrices.gaussian(40, 48);
        DeviceMatrix onDevice = device.upload(memory, heads);
        Rotary rotary = Rotary.of(memory, ArchitectureFixtures.config("gpt-bigcode"), 20);

        kernels.rotate(onDevice, rotary, 3, 1);

        assertThat(rotary.half()).isZero();
        assertThat(matrices.downloaded(onDevice).data().mismatch(heads.data())).isEqualTo(-1);
    }

    private static Matrix shifted(Matrix matrix, float shift) {
        for (int i = 0; i < matrix.rows(); i++) {
            float[] row = matrix.row(i);
            for (int j = 0; j < row.length; j++) {
                row[j] = row[j] * 3 + shift;
            }
            matrix.setRow(i, row);
        }
        return matrix;
    }

    private Matrix row(float[] values) {
        Matrix row = matrices.zeros(1, values.length);
        row.setRow(0, values);
        return row;
    }
}
