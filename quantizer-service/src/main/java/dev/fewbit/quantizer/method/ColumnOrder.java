package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The order in which columns are rounded: whole blocks, and within each its columns. The codes stay where they are stored, so that an artifact
 * needs no index by column.
 *
 * @param columns stored column at each place; every block's columns lie together
 */
record ColumnOrder(int[] columns) {

    /** As stored. */
    static ColumnOrder stored(int k) {
        return new ColumnOrder(IntStream.range(0, k).toArray());
    }

    /**
     * Large inputs first: blocks by the mean of {@code H}'s diagonal, columns of a block by their own element of it.
     *
     * @param hessian {@code [k, k]}
     */
    static ColumnOrder largestFirst(Matrix hessian, int blockSize) {
        int k = hessian.rows();
        return new ColumnOrder(IntStream.range(0, Math.ceilDiv(k, blockSize))
                .boxed()
                .sorted(Comparator.comparingDouble(block -> -mean(hessian, block * blockSize, blockSize)))
                .flatMapToInt(block -> IntStream.range(block * blockSize, Math.min((block + 1) * blockSize, k))
                        .boxed()
                        .sorted(Comparator.comparingDouble(column -> -hessian.get(column, column)))
                        .mapToInt(Integer::intValue))
                .toArray());
    }

    private static double mean(Matrix hessian, int from, int blockSize) {
        return IntStream.range(from, Math.min(from + blockSize, hessian.rows()))
                .mapToDouble(i -> hessian.get(i, i))
                .average()
                .orElseThrow();
    }

    boolean isStored() {
        return IntStream.range(0, columns.length).allMatch(i -> columns[i] == i);
    }

    /** Rows and columns of a symmetric matrix, or with {@code rowsToo} false the columns of any, in this order. */
    void arrange(Matrix from, Matrix to, boolean rowsToo) {
        IntStream.range(0, to.rows()).parallel().forEach(row -> {
            float[] values = from.row(rowsToo ? columns[row] : row);
            float[] arranged = new float[columns.length];
            for (int i = 0; i < columns.length; i++) {
                arranged[i] = values[columns[i]];
            }
            to.setRow(row, arranged);
        });
    }
}
