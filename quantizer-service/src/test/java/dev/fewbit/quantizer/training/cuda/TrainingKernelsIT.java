package dev.fewbit.quantizer.training.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.packing.CodePacking;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.Gpu;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.training.Adam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kernel against its formula in fp64. What it computes in fp32 is some operations deep, each good to 6e-8. */
class TrainingKernelsIT {
    private static final double TOLERANCE = 2e-6;
    private static final double EPSILON = 1e-5;

    private static CudaDevice device;
    private static TrainingKernels kernels;

    private final SplittableRandom random = new SplittableRandom(4);
    private Arena host;
    private DeviceArena arena;

    @BeforeAll
    static void open() {
        device = Gpu.open();
        kernels = new TrainingKernels(device);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    @BeforeEach
    void newArenas() {
        host = Arena.ofConfined();
        arena = device.newArena();
    }

    @AfterEach
    void closeArenas() {
        arena.close();
        host.close();
    }

    @Test
    void shouldGoBackThroughANorm() {
        // Given: rows that are no multiple of what a block takes
        Matrix x = random(13, 300);
        Matrix gain = random(1, 300);
        Matrix dy = random(13, 300);
        Matrix dx = random(13, 300);
        DeviceMatrix sum = upload(dx);

        // When
        kernels.normBack(upload(x), upload(gain), upload(dy), sum, EPSILON);

        // Then
        double[][] expected = new double[13][300];
        for (int row = 0; row < 13; row++) {
            double squares = 0;
            double dot = 0;
            for (int i = 0; i < 300; i++) {
                squares += Math.pow(x.get(row, i), 2);
                dot += (double) gain.get(0, i) * dy.get(row, i) * x.get(row, i);
            }
            double f = 1 / Math.sqrt(squares / 300 + EPSILON);
            for (int i = 0; i < 300; i++) {
                expected[row][i] =
                        dx.get(row, i) + f * gain.get(0, i) * dy.get(row, i) - x.get(row, i) * f * f * f / 300 * dot;
            }
        }
        assertClose(sum, expected);
    }

    @Test
    void shouldGoBackThroughACausalSoftmax() {
        // Given: 3 heads of 70 queries
        Matrix p = random(210, 70);
        Matrix d = random(210, 70);
        DeviceMatrix gradients = upload(d);

        // When
        kernels.softmaxBack(upload(p), gradients, 70);

        // Then
        double[][] expected = new double[210][70];
        for (int row = 0; row < 210; row++) {
            double dot = 0;
            for (int i = 0; i <= row % 70; i++) {
                dot += (double) p.get(row, i) * d.get(row, i);
            }
            for (int i = 0; i <= row % 70; i++) {
                expected[row][i] = p.get(row, i) * (d.get(row, i) - dot);
            }
        }
        assertClose(gradients, expected);
    }

    @Test
    void shouldGoBackThroughSwiGlu() {
        // Given
        Matrix gate = random(5, 130);
        Matrix up = random(5, 130);
        Matrix dy = random(5, 130);
        DeviceMatrix dgate = arena.matrix(5, 130);
        DeviceMatrix dup = arena.matrix(5, 130);

        // When
        kernels.swiGluBack(upload(gate), upload(up), upload(dy), dgate, dup);

        // Then
        double[][] gates = new double[5][130];
        double[][] ups = new double[5][130];
        for (int row = 0; row < 5; row++) {
            for (int i = 0; i < 130; i++) {
                double g = gate.get(row, i);
                double sigmoid = 1 / (1 + Math.exp(-g));
                gates[row][i] = dy.get(row, i) * up.get(row, i) * sigmoid * (1 + g * (1 - sigmoid));
                ups[row][i] = dy.get(row, i) * g * sigmoid;
            }
        }
        assertClose(dgate, gates);
        assertClose(dup, ups);
    }

    @Test
    void shouldComputeTheDivergenceAndItsGradient() {
        // Given: a vocabulary wider than a block
        Matrix expected = random(7, 1500);
        Matrix found = random(7, 1500);
        DeviceMatrix logits = upload(found);
        long losses = arena.bytes(7 * Double.BYTES);

        // When
        kernels.divergence(upload(expected), logits, losses, 0.25f);
        double sum = kernels.sum(losses, 7, arena.bytes(Double.BYTES));

        // Then
        double loss = 0;
        double[][] gradient = new double[7][1500];
        for (int row = 0; row < 7; row++) {
            double[] p = softmax(expected, row);
            double[] q = softmax(found, row);
            for (int v = 0; v < 1500; v++) {
                loss += p[v] * Math.log(p[v] / q[v]);
                gradient[row][v] = 0.25 * (q[v] - p[v]);
            }
        }
        assertThat(sum).isCloseTo(loss, within(TOLERANCE * loss));
        assertClose(logits, gradient);
    }

    @Test
    void shouldComputeTheDistanceFromTheChosenWindowsAndItsGradient() {
        // Given: windows 2 and 0 of three, 4 positions each
        Matrix stream = random(12, 40);
        Matrix found = random(8, 40);
        DeviceMatrix x = upload(found);
        long windows = TrainingKernels.ints(arena, new int[] {2, 0});
        long losses = arena.bytes(8 * Double.BYTES);

        // When
        kernels.distance(x, upload(stream), windows, losses, 4, 0.5f);
        double sum = kernels.sum(losses, 8, arena.bytes(Double.BYTES));

        // Then
        double loss = 0;
        double[][] gradient = new double[8][40];
        for (int row = 0; row < 8; row++) {
            for (int i = 0; i < 40; i++) {
                double gap = (double) found.get(row, i) - stream.get(row < 4 ? 8 + row : row - 4, i);
                loss += gap * gap;
                gradient[row][i] = 0.5 * gap;
            }
        }
        assertThat(sum).isCloseTo(loss, within(TOLERANCE * loss));
        assertClose(x, gradient);
    }

    @Test
    void shouldTurnAndSplitHeadsAndPutThemBack() {
        // Given: 2 windows of 5 positions, 3 heads of 16
        Rotary rotary = Rotary.of(arena, config(), 5);
        Matrix x = random(10, 48);
        DeviceMatrix split = arena.matrix(10, 48);
        DeviceMatrix back = arena.matrix(10, 48);

        // When
        kernels.split(upload(x), split, rotary, 3, true);
        kernels.join(split, back, rotary, 3, true);

        // Then
        Matrix found = download(split);
        RotaryPositions positions = new RotaryPositions(config(), 5);
        for (int window = 0; window < 2; window++) {
            Matrix turned = x.rows(window * 5, 5).copy(host);
            positions.rotate(turned, 3);
            for (int head = 0; head < 3; head++) {
                for (int position = 0; position < 5; position++) {
                    for (int i = 0; i < 16; i++) {
                        int at = ((window * 3 + head) * 5 + position) * 16 + i;
                        assertThat(found.get(at / 48, at % 48))
                                .isCloseTo(turned.get(position, head * 16 + i), within(1e-6f));
                    }
                }
            }
        }
        assertClose(back, elements(x));
    }

    @Test
    void shouldAttendToWhatWasKept() {
        // Given: 2 windows, 4 query heads that share 2 keys, 6 positions seen of 9, heads of 40
        Matrix q = random(2, 160);
        Matrix k = random(36, 40);
        Matrix v = random(36, 40);
        DeviceMatrix output = arena.matrix(2, 160);

        // When
        kernels.attendOne(upload(q), upload(k), upload(v), arena.matrix(8, 9), output, 6, 2, 40);

        // Then
        double[][] expected = new double[2][160];
        for (int window = 0; window < 2; window++) {
            for (int head = 0; head < 4; head++) {
                int first = (window * 2 + head / 2) * 9;
                double[] weights = new double[6];
                double sum = 0;
                for (int position = 0; position < 6; position++) {
                    double dot = 0;
                    for (int i = 0; i < 40; i++) {
                        dot += (double) q.get(window, head * 40 + i) * k.get(first + position, i);
                    }
                    weights[position] = Math.exp(dot / Math.sqrt(40));
                    sum += weights[position];
                }
                for (int i = 0; i < 40; i++) {
                    for (int position = 0; position < 6; position++) {
                        expected[window][head * 40 + i] += weights[position] / sum * v.get(first + position, i);
                    }
                }
            }
        }
        assertClose(output, expected);
    }

    @Test
    void shouldDrawTheTokenWhereTheUniformNumberFalls() {
        // Given: 600 tokens of weights 1, 2, 3, ...; numbers in the middle of tokens 0, 1, 299 and 599
        Matrix logits = Matrix.allocate(host, 4, 600);
        int[] tokens = {0, 1, 299, 599};
        MemorySegment uniforms = host.allocate(ValueLayout.JAVA_DOUBLE, 8);
        for (int window = 0; window < 4; window++) {
            for (int token = 0; token < 600; token++) {
                logits.set(window, token, (float) Math.log(token + 1));
            }
            double wanted = tokens[window] * (tokens[window] + 1) / 2.0 + (tokens[window] + 1) / 2.0;
            uniforms.setAtIndex(ValueLayout.JAVA_DOUBLE, window * 2L, wanted / (600 * 601 / 2.0));
        }
        long numbers = arena.bytes(uniforms.byteSize());
        device.upload(uniforms, numbers);
        long ids = TrainingKernels.ints(arena, new int[8]);

        // When
        kernels.draw(upload(logits), numbers, ids, 0, 2);

        // Then
        MemorySegment drawn = host.allocate(ValueLayout.JAVA_INT, 8);
        device.download(ids, drawn);
        assertThat(drawn.toArray(ValueLayout.JAVA_INT)).containsExactly(0, 0, 0, 1, 0, 299, 0, 599);
    }

    @Test
    void shouldMoveLatentCodesAndScalesByAdam() {
        // Given: 2 rows of 40 weights in blocks of 32, 2 bits, zero point 2, scales 0.5
        byte[] codes = new byte[80];
        for (int i = 0; i < 80; i++) {
            codes[i] = (byte) (i % 4);
        }
        BlockQuantizedWeight weight = weight(codes);
        Matrix gradient = random(2, 40);
        DeviceLatent latent = new DeviceLatent(arena, kernels, weight);
        latent.gradient().upload(gradient);
        Adam.Step step = new Adam.Step(0.9f, 0.95f, 1 / (1 - 0.9), 1 / (1 - 0.95), 1e-10);

        // When
        latent.restore();
        Matrix before = download(latent.restored());
        latent.step(step, 0.6, 0.125);

        // Then: a first step of Adam is one rate long, against the gradient's sign
        List<MemorySegment> state = latent.state(host);
        double[][] restored = new double[2][40];
        for (int row = 0; row < 2; row++) {
            for (int block = 0; block < 2; block++) {
                double slope = 0;
                for (int i = block * 32; i < Math.min(40, block * 32 + 32); i++) {
                    slope += 0.5 * gradient.get(row, i) * (codes[row * 40 + i] - 2);
                }
                double l = -0.125 * Math.signum(slope);
                assertThat(state.get(3).getAtIndex(ValueLayout.JAVA_FLOAT, row * 2 + block))
                        .isCloseTo((float) l, within(1e-6f));
                assertThat(state.get(3).getAtIndex(ValueLayout.JAVA_FLOAT, 4 + row * 2 + block))
                        .isCloseTo((float) (0.1 * slope), within(1e-6f));
                float scale = Float.float16ToFloat(Float.floatToFloat16((float) (0.5 * Math.exp(l))));
                for (int i = block * 32; i < Math.min(40, block * 32 + 32); i++) {
                    assertThat(before.get(row, i)).isEqualTo((codes[row * 40 + i] - 2) * 0.5f);
                    double u = Math.clamp(codes[row * 40 + i] - 0.6 * Math.signum(gradient.get(row, i)), -0.49, 3.49);
                    assertThat(state.get(0).getAtIndex(ValueLayout.JAVA_FLOAT, row * 40 + i))
                            .isCloseTo((float) u, within(1e-6f));
                    restored[row][i] = (Math.clamp(Math.rint(u), 0, 3) - 2) * scale;
                }
            }
        }
        assertClose(latent.restored(), restored);
        BlockQuantizedWeight packed = latent.packed();
        Matrix stored = Matrix.of(host, packed);
        assertThat(elements(download(latent.restored()))).isDeepEqualTo(elements(stored));
    }

    @Test
    void shouldSayThatALossIsNotFinite() {
        // Given
        DeviceObjective broken = new DeviceObjective() {
            @Override
            public void input(long windows, DeviceMatrix x) {
                x.clear();
            }

            @Override
            public double loss(long windows, DeviceMatrix x, float weight) {
                return Double.NaN;
            }
        };
        DeviceLayers layers = new DeviceLayers(device.newArena(), kernels, config(), 4, List.of(), List.of(), broken);

        // When, Then
        assertThatThrownBy(() -> layers.gradients(new int[] {0}))
                .isInstanceOf(QuantizationException.class)
                .hasMessageContaining("training on the GPU: a loss is NaN");
        layers.close();
    }

    private BlockQuantizedWeight weight(byte[] codes) {
        byte[] points = {2, 2, 2, 2};
        MemorySegment scales = MemorySegment.ofArray(new byte[8]);
        for (int i = 0; i < 4; i++) {
            scales.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16(0.5f));
        }
        return new BlockQuantizedWeight(
                2,
                32,
                2,
                40,
                MemorySegment.ofArray(CodePacking.packCodes(codes, 2, 40, 32, 2)),
                scales,
                MemorySegment.ofArray(CodePacking.packZeroPoints(points, 2, 2, 2)));
    }

    /** Heads of 16. */
    private static ModelConfig config() {
        try {
            return ModelConfig.read(Path.of(
                    TrainingKernelsIT.class.getResource("/training/checkpoint").toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] softmax(Matrix logits, int row) {
        double[] e = new double[logits.columns()];
        double sum = 0;
        for (int i = 0; i < e.length; i++) {
            e[i] = Math.exp(logits.get(row, i));
            sum += e[i];
        }
        for (int i = 0; i < e.length; i++) {
            e[i] /= sum;
        }
        return e;
    }

    private Matrix random(int rows, int columns) {
        Matrix matrix = Matrix.allocate(host, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    private DeviceMatrix upload(Matrix matrix) {
        return device.upload(arena, matrix);
    }

    private Matrix download(DeviceMatrix matrix) {
        Matrix copy = Matrix.allocate(host, matrix.rows(), matrix.columns());
        matrix.download(copy);
        return copy;
    }

    private static double[][] elements(Matrix matrix) {
        double[][] elements = new double[matrix.rows()][matrix.columns()];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                elements[row][column] = matrix.get(row, column);
            }
        }
        return elements;
    }

    private void assertClose(DeviceMatrix found, double[][] expected) {
        double error = 0;
        double norm = 0;
        double[][] elements = elements(download(found));
        for (int row = 0; row < expected.length; row++) {
            for (int column = 0; column < expected[row].length; column++) {
                error += Math.pow(elements[row][column] - expected[row][column], 2);
                norm += Math.pow(expected[row][column], 2);
            }
        }
        assertThat(Math.sqrt(error / norm)).isLessThan(TOLERANCE);
    }
}
