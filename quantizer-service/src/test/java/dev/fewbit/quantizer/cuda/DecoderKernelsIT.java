package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Activation;
import dev.fewbit.model.decoder.NormKind;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.Norms;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.FactoredMatrix;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kernel against what the processor computes: they differ by the roundings of a few fp32 operations a value. */
class DecoderKernelsIT {
    private static final double TOLERANCE = 1e-6;
    /** The inverse of a matrix of condition 100 or so magnifies how its fp32 elements are rounded. */
    private static final double TOLERANCE_OF_INVERSE = 1e-5;

    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofShared();
    private final Matrices matrices = new Matrices(arena, 6);
    private ModelConfig config;
    private CudaDevice device;
    private DeviceArena memory;
    private DecoderKernels kernels;

    @BeforeEach
    void open() throws IOException {
        config = ModelConfig.read(new TinyCheckpoint("F32").write(directory));
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

    @Test
    void shouldNormRows() {
        Matrix x = matrices.gaussian(33, 300);
        Matrix gain = matrices.gaussian(1, 300);
        Matrix expected = matrices.zeros(33, 300);
        DeviceMatrix output = memory.matrix(33, 300);

        NormSpec norm = new NormSpec(NormKind.RMS, "gain", Optional.empty(), 300, 1e-5, 0);
        kernels.norm(norm, device.upload(memory, x), device.upload(memory, gain), null, output);
        Norms.apply(norm, gain.row(0), null, x, expected);

        assertThat(Matrices.distance(matrices.downloaded(output), expected)).isLessThan(TOLERANCE);
    }

    @Test
    void shouldTurnHeadsByPositionAndBack() {
        // Given: two windows of 20 tokens
        Matrix heads = matrices.gaussian(40, 96);
        Matrix before = heads.copy(arena);
        DeviceMatrix onDevice = device.upload(memory, heads);
        Rotary rotary = Rotary.of(memory, config, 20);

        // When
        kernels.rotate(onDevice, rotary, 6, 1);
        RotaryPositions positions = new RotaryPositions(config, 20);
        positions.rotate(heads.rows(0, 20), 6);
        positions.rotate(heads.rows(20, 20), 6);

        // Then
        assertThat(Matrices.distance(matrices.downloaded(onDevice), heads)).isLessThan(TOLERANCE);
        kernels.rotate(onDevice, rotary, 6, -1);
        assertThat(Matrices.distance(matrices.downloaded(onDevice), before)).isLessThan(TOLERANCE);
    }

    @Test
    void shouldWeighByPositionAndForgetWhatIsBehind() {
        // Given: queries 30 to 49 of two heads
        Matrix scores = matrices.gaussian(40, 50);
        DeviceMatrix onDevice = device.upload(memory, scores);

        // When
        kernels.causalSoftmax(onDevice, 40, 30, 20, 50, Integer.MAX_VALUE);
        DecoderLayer.softmax(scores.rows(0, 20), 30, 20, 50);
        DecoderLayer.softmax(scores.rows(20, 20), 30, 20, 50);

        // Then
        Matrix found = matrices.downloaded(onDevice);
        assertThat(Matrices.distance(found, scores)).isLessThan(TOLERANCE);
        assertThat(found.get(0, 31)).isZero();
        assertThat(found.get(39, 49)).isPositive();
    }

    @Test
    void shouldDoWhatIsElementwise() {
        Matrix a = matrices.gaussian(30, 50);
        Matrix b = matrices.gaussian(30, 50);
        Matrix factors = matrices.gaussian(1, 30);
        Matrix bias = matrices.gaussian(1, 50);
        DeviceMatrix onA = device.upload(memory, a);
        DeviceMatrix onB = device.upload(memory, b);
        DeviceMatrix output = memory.matrix(30, 50);

        kernels.subtract(onA, onB, output);
        assertEach(output, (row, column) -> a.get(row, column) - b.get(row, column));
        kernels.add(output, onB, 1);
        kernels.add(output, onB, 0.22f);
        assertEach(output, (row, column) -> a.get(row, column) + 0.22f * b.get(row, column));
        kernels.addToRows(output, device.upload(memory, bias));
        assertEach(output, (row, column) -> a.get(row, column) + 0.22f * b.get(row, column) + bias.get(0, column));
        kernels.scaleRows(onA, device.upload(memory, factors), output);
        assertEach(output, (row, column) -> a.get(row, column) * factors.get(0, row));
        kernels.activate(Activation.SILU, onA, onB, output);
        assertEach(output, (row, column) ->
                (float) (a.get(row, column) / (1 + Math.exp(-a.get(row, column))) * b.get(row, column)));
    }

    @Test
    void shouldGatherRowsAndSumMagnitudes() {
        Matrix table = matrices.gaussian(9, 40);
        int[] ids = {8, 0, 3, 3, 5};
        DeviceMatrix output = memory.matrix(5, 40);
        DeviceMatrix sums = memory.zeros(2, 40);

        kernels.gatherRows(memory, device.upload(memory, table), ids, output);
        kernels.addMagnitudes(output, sums.address());
        kernels.addMagnitudes(output, sums.address());

        assertEach(output, (row, column) -> table.get(ids[row], column));
        MemorySegment found = arena.allocate(ValueLayout.JAVA_DOUBLE, 40);
        device.download(sums.address(), found);
        double expected = 0;
        for (int id : ids) {
            expected += 2 * (double) Math.abs(table.get(id, 39));
        }
        assertThat(found.getAtIndex(ValueLayout.JAVA_DOUBLE, 39)).isEqualTo(expected);
    }

    @Test
    void shouldWidenExactlyAndFindWhatIsNotFinite() {
        // Given: 1, -2, the smallest number of fp16, its largest; the same bits read as bf16
        short[] bits = {0x3C00, (short) 0xC000, 0x0001, 0x7BFF};
        long halves = memory.bytes(bits.length * Short.BYTES);
        device.upload(MemorySegment.ofArray(bits), halves);
        DeviceMatrix output = memory.matrix(1, 4);

        // When
        kernels.widenHalf(halves, output);

        // Then
        assertThat(matrices.downloaded(output).row(0)).containsExactly(1, -2, 0x1p-24f, 65_504);
        assertThat(kernels.isFinite(output)).isTrue();
        kernels.widenBrain(halves, output);
        assertThat(matrices.downloaded(output).row(0))
                .containsExactly(
                        Float.intBitsToFloat(0x3C000000),
                        Float.intBitsToFloat(0xC0000000),
                        Float.intBitsToFloat(0x00010000),
                        Float.intBitsToFloat(0x7BFF0000));
        Matrix broken = matrices.gaussian(100, 70);
        broken.set(99, 69, Float.NaN);
        assertThat(kernels.isFinite(device.upload(memory, broken))).isFalse();
    }

    @Test
    void shouldFactorInvertAndSolveAsTheProcessorDoes() {
        // Given: large enough to be factored on the device
        int n = DeviceFactorization.LEAST_SIZE + 3;
        Matrix rows = matrices.gaussian(2 * n, n);
        Matrix sum = matrices.zeros(n, n);
        Products.addTransposedTimes(rows, rows, sum);
        Matrix right = matrices.gaussian(5, n);
        Matrix expected = right.copy(arena);
        FactoredMatrix onHost = Factorizer.onHost().factor(arena, sum, n / 10.0).orElseThrow();
        FactoredMatrix onDevice = DeviceFactorization.factorizer(memory)
                .factor(arena, sum, n / 10.0)
                .orElseThrow();

        // When
        onDevice.solveRows(right);
        onHost.solveRows(expected);

        // Then
        assertThat(onDevice).isInstanceOf(DeviceFactorization.class);
        assertThat(Matrices.distance(right, expected)).isLessThan(TOLERANCE_OF_INVERSE);
        assertThat(Matrices.distance(
                        onDevice.inverseUpper().orElseThrow(),
                        onHost.inverseUpper().orElseThrow()))
                .isLessThan(TOLERANCE_OF_INVERSE);
        assertThat(DeviceFactorization.factorizer(memory).factor(arena, sum, -1e6))
                .isEmpty();
    }

    private interface Expected {
        float at(int row, int column);
    }

    private void assertEach(DeviceMatrix found, Expected expected) {
        Matrix wanted = matrices.zeros(found.rows(), found.columns());
        for (int row = 0; row < found.rows(); row++) {
            for (int column = 0; column < found.columns(); column++) {
                wanted.set(row, column, expected.at(row, column));
            }
        }
        assertThat(Matrices.distance(matrices.downloaded(found), wanted)).isLessThan(TOLERANCE);
    }
}
