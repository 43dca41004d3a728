package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.cuda.Cublas.Operand;
import dev.fewbit.quantizer.cuda.Cublas.Shape;

/**
 * Matrix products in fp32 on a device: {@link dev.fewbit.quantizer.matrix.Products} for matrices there. A call returns before the product
 * is there; what is asked for later on the same device comes behind it.
 */
public final class DeviceProducts {
    /**
     * Parts into which the rows of a symmetric sum are cut: row part {@code i} of 8 is computed up to its own columns, which is 9/16 of the
     * whole. Fixed: the shape of a product shows in its last bits.
     */
    private static final int SYMMETRIC_PARTS = 8;

    /** Sums below this are computed whole: parts would be too small to keep a device busy. */
    private static final int LEAST_SYMMETRIC = 2048;

    private final Cublas blas;

    DeviceProducts(Cublas blas) {
        this.blas = blas;
    }

    /** A block of a matrix that begins at an element and has the matrix's row stride. */
    public record Block(DeviceMatrix matrix, int row, int column) {
        private Operand operand() {
            return new Operand(matrix.at(row, column), matrix.columns());
        }
    }

    /**
     * Blocks of one shape, the first at {@code first}, each {@code step} elements behind the one before; step 0 is the same block each time.
     */
    public record Blocks(Block first, long step) {}

    /**
     * {@code output = input weight^T + keep * output}.
     *
     * @param input {@code [tokens, k]}
     * @param weight {@code [n, k]}
     * @param output {@code [tokens, n]}
     * @param keep 0 to overwrite, 1 to add
     */
    public void linear(DeviceMatrix input, DeviceMatrix weight, DeviceMatrix output, float keep) {
        blas.multiply(
                new Shape(input.rows(), weight.rows(), input.columns(), false, true),
                1,
                whole(input),
                whole(weight),
                keep,
                whole(output));
    }

    /**
     * {@code output = scale * a b^T} for matrices inside larger ones.
     *
     * @param m rows of {@code a}
     * @param n rows of {@code b}
     * @param k columns of both
     */
    public void timesTransposed(int m, int n, int k, float scale, Block a, Block b, Block output) {
        blas.multiply(new Shape(m, n, k, false, true), scale, a.operand(), b.operand(), 0, output.operand());
    }

    /** {@code output = scale * a b + keep * output}, {@code a} {@code [m, k]}, {@code b} {@code [k, n]}. */
    public void times(int m, int n, int k, float scale, Block a, Block b, float keep, Block output) {
        blas.multiply(new Shape(m, n, k, false, false), scale, a.operand(), b.operand(), keep, output.operand());
    }

    /** {@code output = scale * a^T b + keep * output}, {@code a} {@code [k, m]}, {@code b} {@code [k, n]}. */
    public void transposedTimes(int m, int n, int k, float scale, Block a, Block b, float keep, Block output) {
        blas.multiply(new Shape(m, n, k, true, false), scale, a.operand(), b.operand(), keep, output.operand());
    }

    /** {@code a b}: {@code [m, k]} times {@code [k, n]}. */
    public void times(DeviceMatrix a, DeviceMatrix b, DeviceMatrix output) {
        times(
                a.rows(),
                b.columns(),
                a.columns(),
                1,
                new Block(a, 0, 0),
                new Block(b, 0, 0),
                0,
                new Block(output, 0, 0));
    }

    /** {@link #timesTransposed} for {@code count} triples of blocks. */
    public void timesTransposed(int m, int n, int k, float scale, Blocks a, Blocks b, Blocks output, int count) {
        batched(new Shape(m, n, k, false, true), scale, a, b, 0, output, count);
    }

    /** {@link #times(int, int, int, float, Block, Block, float, Block)} for {@code count} triples of blocks. */
    public void times(int m, int n, int k, float scale, Blocks a, Blocks b, float keep, Blocks output, int count) {
        batched(new Shape(m, n, k, false, false), scale, a, b, keep, output, count);
    }

    /** {@link #transposedTimes} for {@code count} triples of blocks. */
    public void transposedTimes(
            int m, int n, int k, float scale, Blocks a, Blocks b, float keep, Blocks output, int count) {
        batched(new Shape(m, n, k, true, false), scale, a, b, keep, output, count);
    }

    /**
     * {@code sum += scale * a^T b}.
     *
     * @param a {@code [tokens, m]}
     * @param b {@code [tokens, n]}
     * @param sum {@code [m, n]}
     */
    public void addTransposedTimes(DeviceMatrix a, DeviceMatrix b, float scale, DeviceMatrix sum) {
        transposedTimes(
                sum.rows(),
                sum.columns(),
                a.rows(),
                scale,
                new Block(a, 0, 0),
                new Block(b, 0, 0),
                1,
                new Block(sum, 0, 0));
    }

    /**
     * The same where the sum is symmetric, such as {@code a^T D a}: at least its lower triangle is summed, what is above the diagonal is
     * undefined until {@link DecoderKernels#mirror} has filled it.
     */
    public void addSymmetric(DeviceMatrix a, DeviceMatrix b, DeviceMatrix sum) {
        int n = sum.rows();
        int part = n < LEAST_SYMMETRIC ? n : Math.ceilDiv(n, SYMMETRIC_PARTS);
        for (int from = 0; from < n; from += part) {
            int count = Math.min(part, n - from);
            transposedTimes(
                    count,
                    from + count,
                    a.rows(),
                    1,
                    new Block(a, 0, from),
                    new Block(b, 0, 0),
                    1,
                    new Block(sum, from, 0));
        }
    }

    private void batched(Shape shape, float scale, Blocks a, Blocks b, float keep, Blocks output, int count) {
        blas.multiply(
                shape,
                scale,
                a.first().operand(),
                a.step(),
                b.first().operand(),
                b.step(),
                keep,
                output.first().operand(),
                output.step(),
                count);
    }

    private static Operand whole(DeviceMatrix matrix) {
        return new Operand(matrix.address(), matrix.columns());
    }
}
