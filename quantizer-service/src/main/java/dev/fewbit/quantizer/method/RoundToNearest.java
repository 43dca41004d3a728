package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Round to nearest: {@code code = clamp(round(w / scale) + zeroPoint, 0, 2^bits - 1)} with a scale and a zero point a block of {@code
 * blockSize} weights along K; the last block of a row may be short. Ties go to the even integer. No data is used.
 *
 * <p>Shapes for a weight {@code [n, k]} with {@code blocks = ceil(k / blockSize)}: codes {@code [n, blocks, blockSize * bits / 8]}, scales
 * {@code [n, blocks]} fp16, zero points {@code [n, ceil(blocks * bits / 8)]}, packed as in {@link CodePacking}. Rows are independent and
 * are worked on in parallel.
 */
public final class RoundToNearest implements QuantizationMethod {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bits;
    private final int blockSize;
    private final BlockRange range;
    private final SquaredErrorSearch search;

    RoundToNearest(int bits, int blockSize, BlockRange range) {
        this(bits, blockSize, range, null);
    }

    /** @param search chooses the range of a block, {@code null}: its smallest to its largest weight */
    RoundToNearest(int bits, int blockSize, BlockRange range, SquaredErrorSearch search) {
        this.bits = bits;
        this.blockSize = blockSize;
        this.range = range;
        this.search = search;
    }

    @Override
    public QuantizedLinear apply(Tensor weight) {
        int n = Math.toIntExact(weight.shape()[0]);
        int k = Math.toIntExact(weight.shape()[1]);
        Target target = new Target(n, k);
        RowError[] errors = IntStream.range(0, n)
                .parallel()
                .mapToObj(row -> round(weight, row, target))
                .toArray(RowError[]::new);
        // Summed in the order of rows, so that the error does not depend on the number of threads.
        double squaredError = Arrays.stream(errors).mapToDouble(RowError::error).reduce(0, Double::sum);
        double squaredNorm = Arrays.stream(errors).mapToDouble(RowError::norm).reduce(0, Double::sum);
        return new QuantizedLinear(target.weight(), squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm));
    }

    private RowError round(Tensor weight, int row, Target target) {
        float[] w = weight.toFloats((long) row * target.k, target.k);
        byte[] codes = new byte[target.k];
        byte[] zeroPoints = new byte[target.blocks];
        int largestCode = (1 << bits) - 1;
        double squaredError = 0;
        double squaredNorm = 0;
        for (int block = 0; block < target.blocks; block++) {
            int from = block * blockSize;
            int to = Math.min(from + blockSize, target.k);
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                FiniteWeights.require(weight.name(), w[i]);
                low = Math.min(low, w[i]);
                high = Math.max(high, w[i]);
            }
            float scale = range.finiteScale(weight.name(), low, high);
            if (search != null) {
                RangeSearch.Span best = search.best(w, from, to, low, high);
                low = best.low();
                scale = Float.float16ToFloat(range.scale(low, best.high()));
            }
            int zeroPoint = range.zeroPoint(low, scale);
            for (int i = from; i < to; i++) {
                int code = Math.clamp((long) Math.rint((double) w[i] / scale) + zeroPoint, 0, largestCode);
                codes[i] = (byte) code;
                double error = (double) (code - zeroPoint) * scale - w[i];
                squaredError += error * error;
                squaredNorm += (double) w[i] * w[i];
            }
            zeroPoints[block] = (byte) zeroPoint;
            target.scales.set(HALF, ((long) row * target.blocks + block) * Short.BYTES, Float.floatToFloat16(scale));
        }
        CodePacking.packRow(codes, 0, target.k, bits, target.codes, row * target.codeBytes);
        if (range.hasZeroPoints()) {
            CodePacking.packRow(zeroPoints, 0, target.blocks, bits, target.zeroPoints, row * target.zeroPointBytes);
        }
        return new RowError(squaredError, squaredNorm);
    }

    private record RowError(double error, double norm) {}

    /** The arrays that rows are written to; each row has its own bytes in them. */
    private final class Target {
        private final int n;
        private final int k;
        private final int blocks;
        private final int codeBytes;
        private final int zeroPointBytes;
        private final byte[] codes;
        private final byte[] zeroPoints;
        private final MemorySegment scales;

        Target(int n, int k) {
            this.n = n;
            this.k = k;
            blocks = CodePacking.blocks(k, blockSize);
            codeBytes = Math.toIntExact(CodePacking.packedBytes((long) blocks * blockSize, bits));
            zeroPointBytes = Math.toIntExact(CodePacking.packedBytes(blocks, bits));
            codes = new byte[Math.multiplyExact(n, codeBytes)];
            zeroPoints = new byte[range.hasZeroPoints() ? n * zeroPointBytes : 0];
            scales = MemorySegment.ofArray(new byte[Math.multiplyExact(n, blocks * Short.BYTES)]);
        }

        BlockQuantizedWeight weight() {
            return new BlockQuantizedWeight(
                    bits,
                    blockSize,
                    n,
                    k,
                    MemorySegment.ofArray(codes),
                    scales,
                    range.hasZeroPoints() ? MemorySegment.ofArray(zeroPoints) : null);
        }
    }
}
