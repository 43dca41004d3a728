package dev.fewbit.quantizer.training.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.packing.CodePacking;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.training.Adam;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands behind the layers: losses and their gradients, drawn tokens, and the step of what is trained. */
class LossKernelsIT extends KernelsOnGpu {
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
}
