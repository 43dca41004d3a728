package dev.fewbit.quantizer.matrix;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/** Matrix products in fp32 (BLAS {@code sgemm}). */
public final class Products {
    /** Rows of a tile. Fixed: a tile's size shows in the last bits of what it holds. */
    private static final int TILE = 64;

    private static final int ROW_MAJOR = 101;
    private static final int NOT_TRANSPOSED = 111;
    private static final int TRANSPOSED = 112;

    private Products() {}

    /** Whether there is a library for this kind of machine: Linux on x86-64. */
    public static boolean isAvailable() {
        return OpenBlas.isAvailable();
    }

    /** The processor's name where results depend on it. */
    public static String processor() {
        return OpenBlas.get().core();
    }

    /**
     * {@code output = input weight^T + keep * output}, on the calling thread.
     *
     * @param input {@code [tokens, k]}
     * @param weight {@code [n, k]}
     * @param output {@code [tokens, n]}
     * @param keep 0 to overwrite, 1 to add
     */
    public static void linear(Matrix input, Matrix weight, Matrix output, float keep) {
        gemm(
                NOT_TRANSPOSED,
                TRANSPOSED,
                new int[] {input.rows(), weight.rows(), input.columns()},
                1,
                new Operand(input.data(), input.columns()),
                new Operand(weight.data(), weight.columns()),
                keep,
                new Operand(output.data(), output.columns()));
    }

    /**
     * {@code output = scale * a b^T} for matrices inside larger ones, on the calling thread.
     *
     * @param m rows of {@code a}
     * @param n rows of {@code b}
     * @param k columns of both
     */
    public static void timesTransposed(int m, int n, int k, float scale, Block a, Block b, Block output) {
        gemm(NOT_TRANSPOSED, TRANSPOSED, new int[] {m, n, k}, scale, a.operand(), b.operand(), 0, output.operand());
    }

    /** {@code output = scale * a b + keep * output}, {@code a} {@code [m, k]}, {@code b} {@code [k, n]}, on the calling thread. */
    public static void times(int m, int n, int k, float scale, Block a, Block b, float keep, Block output) {
        gemm(
                NOT_TRANSPOSED,
                NOT_TRANSPOSED,
                new int[] {m, n, k},
                scale,
                a.operand(),
                b.operand(),
                keep,
                output.operand());
    }

    /** {@code output = scale * a^T b + keep * output}, {@code a} {@code [k, m]}, {@code b} {@code [k, n]}, on the calling thread. */
    public static void transposedTimes(int m, int n, int k, float scale, Block a, Block b, float keep, Block output) {
        gemm(TRANSPOSED, NOT_TRANSPOSED, new int[] {m, n, k}, scale, a.operand(), b.operand(), keep, output.operand());
    }

    /** {@code a [m, k]} times {@code b [k, n]}, short arrays on the heap. */
    public static void times(int m, int n, int k, float[] a, float[] b, float[] output) {
        invoke(
                true,
                NOT_TRANSPOSED,
                NOT_TRANSPOSED,
                new int[] {m, n, k},
                1,
                new Operand(MemorySegment.ofArray(a), k),
                new Operand(MemorySegment.ofArray(b), n),
                0,
                new Operand(MemorySegment.ofArray(output), n));
    }

    /** {@code a b} in tiles of rows: {@code [m, k]} times {@code [k, n]}. */
    public static void times(Matrix a, Matrix b, Matrix output) {
        tiles(a.rows())
                .forEach(from -> times(
                        Math.min(TILE, a.rows() - from),
                        b.columns(),
                        a.columns(),
                        1,
                        new Block(a, from, 0),
                        new Block(b, 0, 0),
                        0,
                        new Block(output, from, 0)));
    }

    /**
     * {@code sum += a^T b}, in tiles of rows of the sum.
     *
     * @param a {@code [tokens, m]}
     * @param b {@code [tokens, n]}
     * @param sum {@code [m, n]}
     */
    public static void addTransposedTimes(Matrix a, Matrix b, Matrix sum) {
        tiles(sum.rows())
                .forEach(from -> gemm(
                        TRANSPOSED,
                        NOT_TRANSPOSED,
                        new int[] {Math.min(TILE, sum.rows() - from), sum.columns(), a.rows()},
                        1,
                        new Block(a, 0, from).operand(),
                        new Block(b, 0, 0).operand(),
                        1,
                        new Block(sum, from, 0).operand()));
    }

    /**
     * {@code sum += a^T a}: tiles on and behind the diagonal, in tiles of rows of the sum; {@link #mirror} does the rest.
     *
     * @param a {@code [tokens, m]}
     * @param sum {@code [m, m]}; below the tiles on the diagonal left as it is
     */
    public static void addSquare(Matrix a, Matrix sum) {
        tiles(sum.rows())
                .forEach(from -> gemm(
                        TRANSPOSED,
                        NOT_TRANSPOSED,
                        new int[] {Math.min(TILE, sum.rows() - from), sum.columns() - from, a.rows()},
                        1,
                        new Block(a, 0, from).operand(),
                        new Block(a, 0, from).operand(),
                        1,
                        new Block(sum, from, from).operand()));
    }

    /** Copies what is behind the diagonal of a square matrix before it. */
    public static void mirror(Matrix matrix) {
        tiles(matrix.rows()).forEach(from -> {
            int rows = tileRows(from, matrix.rows());
            float[][] above = new float[rows][from];
            for (int column = 0; column < from; column++) {
                float[] part = new float[rows];
                matrix.copyRow(column, from, part, rows);
                for (int row = 0; row < rows; row++) {
                    above[row][column] = part[row];
                }
            }
            for (int row = 0; row < rows; row++) {
                matrix.setRow(from + row, above[row], from);
            }
        });
    }

    /** First rows of the tiles of {@code rows} rows, to be worked on in parallel. */
    public static IntStream tiles(int rows) {
        return IntStream.range(0, Math.ceilDiv(rows, TILE)).parallel().map(tile -> tile * TILE);
    }

    /** Rows of the tile that begins at {@code from}. */
    public static int tileRows(int from, int rows) {
        return Math.min(TILE, rows - from);
    }

    /** A block of a matrix that begins at an element and has the matrix's row stride. */
    public record Block(Matrix matrix, int row, int column) {
        private Operand operand() {
            return new Operand(matrix.from(row, column), matrix.columns());
        }
    }

    private record Operand(MemorySegment data, int stride) {}

    private static void gemm(
            int transA, int transB, int[] mnk, float alpha, Operand a, Operand b, float beta, Operand c) {
        invoke(false, transA, transB, mnk, alpha, a, b, beta, c);
    }

    private static void invoke(
            boolean onHeap,
            int transA,
            int transB,
            int[] mnk,
            float alpha,
            Operand a,
            Operand b,
            float beta,
            Operand c) {
        OpenBlas blas = OpenBlas.get();
        try {
            if (onHeap) {
                blas.sgemmOnHeap.invokeExact(
                        ROW_MAJOR, transA, transB, mnk[0], mnk[1], mnk[2], alpha, a.data, a.stride, b.data, b.stride,
                        beta, c.data, c.stride);
            } else {
                blas.sgemm.invokeExact(
                        ROW_MAJOR, transA, transB, mnk[0], mnk[1], mnk[2], alpha, a.data, a.stride, b.data, b.stride,
                        beta, c.data, c.stride);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("sgemm does not throw", e);
        }
    }
}
