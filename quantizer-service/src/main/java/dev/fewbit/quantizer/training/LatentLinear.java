package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A linear {@code [n, k]} in training: a latent code {@code u} a weight and a latent scale {@code s = s0 e^l} a block, all fp32, and zero
 * points {@code z} that stay. The layer computes with what would be stored, the scale rounded to fp16:
 *
 * <pre>
 * w' = (code - z) s     code = clamp(round(u), 0, 2^bits - 1)
 * </pre>
 *
 * Backward counts rounding as the identity (straight-through): with {@code g} the gradient of {@code w'},
 *
 * <pre>
 * du = g s     dl = s sum over the block of g (code - z)
 * </pre>
 *
 * Latent codes are held within half a step of the range, where rounding meets its end, so that no weight gets stuck outside. They begin
 * at the codes exactly: nearer to the 16-bit weight, within the code, was much worse. Rows are worked on in parallel. Besides {@code u},
 * {@code w'}, the gradient and Adam's two moments are held: 20 bytes a weight.
 *
 * @see <a href="https://arxiv.org/abs/1308.3432">Bengio et al. 2013</a> for the estimator
 */
final class LatentLinear {
    /** Bytes a weight while it is trained: five fp32 matrices. */
    static final long BYTES_PER_WEIGHT = 20;

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final float LEAST_HALF = 0x1p-24f;
    private static final float LARGEST_HALF = 65_504f;

    private final LatentStart begin;
    private final BlockQuantizedWeight start;
    private final int blocks;
    private final int largest;
    private final byte[] zeroPoints;
    private final float[] startScales;
    private final Matrix latent;
    private final Matrix mean;
    private final Matrix square;
    private final Matrix gradient;
    private final Matrix restored;
    /** {@code [3, n * blocks]}: {@code l}, the logarithm of what scales are multiplied with, and its two moments. */
    private final Matrix logScales;

    private final float[] logScaleGradient;

    /**
     * Begins at {@code start}, exactly: the first {@code w'} is what it stands for.
     *
     * @param arena shared; holds the matrices
     */
    LatentLinear(Arena arena, BlockQuantizedWeight start) {
        this.start = start;
        int n = start.n();
        int k = start.k();
        begin = LatentStart.of(start);
        blocks = start.blocks();
        largest = begin.largest();
        zeroPoints = begin.zeroPoints();
        startScales = begin.scales();
        latent = Matrix.allocate(arena, n, k);
        restored = Matrix.allocate(arena, n, k);
        gradient = Matrix.allocate(arena, n, k);
        mean = Matrix.allocate(arena, n, k);
        square = Matrix.allocate(arena, n, k);
        logScales = Matrix.allocate(arena, 3, n * blocks);
        logScaleGradient = new float[n * blocks];
        byte[] codes = begin.codes();
        for (int row = 0; row < n; row++) {
            float[] values = new float[k];
            for (int i = 0; i < k; i++) {
                values[i] = Byte.toUnsignedInt(codes[row * k + i]);
            }
            latent.setRow(row, values);
        }
        restore();
    }

    /** {@code w'} after the last {@link #restore}, {@code [n, k]}. */
    Matrix restored() {
        return restored;
    }

    /** Where the gradient of {@code w'} is summed up, {@code [n, k]}. */
    Matrix gradient() {
        return gradient;
    }

    /** The latent codes, {@code [n, k]}. */
    Matrix latent() {
        return latent;
    }

    /** {@code l} in row 0, {@code [n * blocks]}. */
    Matrix logScales() {
        return logScales;
    }

    /** Gradients of {@code l} after {@link #throughRounding}, {@code [n * blocks]}. */
    float[] logScaleGradient() {
        return logScaleGradient;
    }

    /** All that changes while training goes on. */
    List<MemorySegment> state() {
        return List.of(latent.data(), mean.data(), square.data(), logScales.data());
    }

    /** Computes {@code w'}. */
    void restore() {
        float[] scales = scales();
        eachRow(row -> {
            float[] values = latent.row(row);
            for (int block = 0; block < blocks; block++) {
                float scale = scales[row * blocks + block];
                int zeroPoint = zeroPoint(row, block);
                for (int i = from(block); i < to(block); i++) {
                    values[i] = (code(values[i]) - zeroPoint) * scale;
                }
            }
            restored.setRow(row, values);
        });
    }

    /** Forgets the gradient. */
    void clearGradient() {
        gradient.data().fill((byte) 0);
    }

    /** The gradient of {@code w'} becomes that of the latent codes; the scales' is computed. */
    void throughRounding() {
        float[] scales = scales();
        eachRow(row -> {
            float[] values = latent.row(row);
            float[] g = gradient.row(row);
            for (int block = 0; block < blocks; block++) {
                float scale = scales[row * blocks + block];
                int zeroPoint = zeroPoint(row, block);
                double sum = 0;
                for (int i = from(block); i < to(block); i++) {
                    g[i] *= scale;
                    sum += (double) g[i] * (code(values[i]) - zeroPoint);
                }
                logScaleGradient[row * blocks + block] = (float) sum;
            }
            gradient.setRow(row, g);
        });
    }

    /**
     * Moves latent codes and scales against their gradients.
     *
     * @param codeRate of Adam, in steps of the code
     * @param scaleRate of Adam, for {@code l}
     */
    void step(Adam.Step adam, double codeRate, double scaleRate) {
        eachRow(row -> {
            float[] values = latent.row(row);
            float[] m = mean.row(row);
            float[] v = square.row(row);
            adam.move(values, gradient.row(row), m, v, codeRate);
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.clamp(values[i], -LatentStart.INSIDE, largest + LatentStart.INSIDE);
            }
            latent.setRow(row, values);
            mean.setRow(row, m);
            square.setRow(row, v);
        });
        float[] l = logScales.row(0);
        float[] m = logScales.row(1);
        float[] v = logScales.row(2);
        adam.move(l, logScaleGradient, m, v, scaleRate);
        for (int i = 0; i < l.length; i++) {
            l[i] = Math.clamp(l[i], -LatentStart.WIDEST, LatentStart.WIDEST);
        }
        logScales.setRow(0, l);
        logScales.setRow(1, m);
        logScales.setRow(2, v);
    }

    /** What would be stored now; it stands for {@link #restored}. */
    BlockQuantizedWeight packed() {
        float[] scales = scales();
        byte[] codes = new byte[Math.multiplyExact(start.n(), start.k())];
        eachRow(row -> {
            float[] values = latent.row(row);
            for (int i = 0; i < values.length; i++) {
                codes[row * start.k() + i] = (byte) code(values[i]);
            }
        });
        MemorySegment halves = MemorySegment.ofArray(new byte[scales.length * Short.BYTES]);
        for (int i = 0; i < scales.length; i++) {
            halves.set(HALF, (long) i * Short.BYTES, Float.floatToFloat16(scales[i]));
        }
        return begin.packed(codes, halves);
    }

    private int code(float latentCode) {
        return Math.clamp((long) Math.rint(latentCode), 0, largest);
    }

    /** As fp16 holds them; never 0, never infinite. */
    private float[] scales() {
        float[] scales = logScales.row(0);
        for (int i = 0; i < scales.length; i++) {
            float scale = startScales[i] * (float) StrictMath.exp(scales[i]);
            scales[i] = Float.float16ToFloat(Float.floatToFloat16(Math.clamp(scale, LEAST_HALF, LARGEST_HALF)));
        }
        return scales;
    }

    private int zeroPoint(int row, int block) {
        return Byte.toUnsignedInt(zeroPoints[row * blocks + block]);
    }

    private int from(int block) {
        return block * start.blockSize();
    }

    private int to(int block) {
        return Math.min((block + 1) * start.blockSize(), start.k());
    }

    private interface Row {
        void work(int row);
    }

    private void eachRow(Row work) {
        Products.tiles(start.n()).forEach(first -> {
            for (int i = 0; i < Products.tileRows(first, start.n()); i++) {
                work.work(first + i);
            }
        });
    }
}
