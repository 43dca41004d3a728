package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private final RecycledBytes bytes = new RecycledBytes();
    private final Queue<RoundedRows> free = new ConcurrentLinkedQueue<>();
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
        double[] errors = new double[n];
        double[] norms = new double[n];
        IntStream.range(0, Math.ceilDiv(n, RoundedRows.COUNT)).parallel().forEach(group -> {
            RoundedRows rows = rows(target.blocks);
            int first = group * RoundedRows.COUNT;
            int count = Math.min(RoundedRows.COUNT, n - first);
            round(weight, first, count, rows, target);
            for (int row = 0; row < count; row++) {
                errors[first + row] = rows.error(row);
                norms[first + row] = rows.norm(row);
            }
            free.add(rows);
        });
        // Summed in the order of rows, so that the error does not depend on the number of threads.
        double squaredError = Arrays.stream(errors).reduce(0, Double::sum);
        double squaredNorm = Arrays.stream(norms).reduce(0, Double::sum);
        return new QuantizedLinear(target.weight(), squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm));
    }

    @Override
    public void written() {
        bytes.giveBack();
    }

    /** Rows that another task has left, or new ones. */
    private RoundedRows rows(int blocks) {
        RoundedRows left = free.poll();
        return left != null && left.blocks() == blocks ? left : new RoundedRows(blocks);
    }

    private void round(Tensor weight, int first, int count, RoundedRows rows, Target target) {
        rows.begin();
        for (int from = 0; from < target.k; from += RoundedRows.COLUMNS) {
            int size = Math.min(RoundedRows.COLUMNS, target.k - from);
            for (int row = 0; row < count; row++) {
                rows.read(row, weight, (long) (first + row) * target.k + from, size);
                setGrids(weight.name(), rows, row, from / blockSize, size, target, first + row);
                rows.round(row, size, weight.dtype(), (1 << bits) - 1);
                int at = (first + row) * target.codeBytes + Math.toIntExact(CodePacking.packedBytes(from, bits));
                rows.packCodes(row, size, bits, target.codes, at);
            }
            rows.sum(size);
        }
        if (range.hasZeroPoints()) {
            for (int row = 0; row < count; row++) {
                rows.packZeroPoints(row, bits, target.zeroPoints, (first + row) * target.zeroPointBytes);
            }
        }
    }

    /** Gives the blocks of {@code size} weights, of which {@code first} is the first one's number in its row, their grids. */
    private void setGrids(String name, RoundedRows rows, int row, int first, int size, Target target, int targetRow) {
        for (int from = 0; from < size; from += blockSize) {
            int to = Math.min(from + blockSize, size);
            int block = first + from / blockSize;
            float scale = setGrid(name, rows, row, block, from, to);
            long at = (long) targetRow * target.blocks + block;
            target.scales.set(HALF, at * Short.BYTES, Float.floatToFloat16(scale));
        }
    }

    /** Gives a block its grid; the grid's scale. */
    private float setGrid(String name, RoundedRows rows, int row, int block, int from, int to) {
        rows.span(from, to);
        float low = rows.low();
        float high = rows.high();
        if (!Float.isFinite(low) || !Float.isFinite(high)) {
            for (int i = from; i < to; i++) {
                FiniteWeights.require(name, rows.weights(row)[i]);
            }
        }
        float scale = range.finiteScale(name, low, high);
        if (search != null) {
            RangeSearch.Span best = search.best(rows.weights(row), from, to, low, high);
            low = best.low();
            scale = Float.float16ToFloat(range.scale(low, best.high()));
        }
        rows.setGrid(row, block, from, to, scale, range.zeroPoint(low, scale));
        return scale;
    }

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
            codes = bytes.take(Math.multiplyExact(n, codeBytes));
            zeroPoints = bytes.take(range.hasZeroPoints() ? n * zeroPointBytes : 0);
            scales = MemorySegment.ofArray(bytes.take(Math.multiplyExact(n, blocks * Short.BYTES)));
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
