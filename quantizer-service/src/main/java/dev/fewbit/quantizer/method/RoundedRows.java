package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;

/**
 * Some rows of a weight while they are rounded to nearest, in arrays that are used again for the next rows. They are gone through block by block,
 * so that what a block needs stays in the first cache, with loops of one kind of operation each, so that the compiler works on several weights at a
 * time. Sums go in the order of a row's weights, several rows at a time, since such a sum waits for itself.
 */
final class RoundedRows {
    static final int COUNT = 4;

    private final int k;
    private final int blockSize;
    private final float[][] weights;
    private final byte[][] codes;
    private final byte[][] zeroPoints;
    /** Codes of a block, as numbers. */
    private final double[] numbers;
    /** Squared errors of a block, for each row. */
    private final double[][] squares;

    private final double[] errors = new double[COUNT];
    private final double[] norms = new double[COUNT];
    private float low;
    private float high;

    RoundedRows(int k, int blockSize) {
        this.k = k;
        this.blockSize = blockSize;
        weights = new float[COUNT][k];
        codes = new byte[COUNT][k];
        zeroPoints = new byte[COUNT][CodePacking.blocks(k, blockSize)];
        numbers = new double[blockSize];
        squares = new double[COUNT][blockSize];
    }

    /** {@code k} of the rows. */
    int columns() {
        return k;
    }

    /** Reads rows, of which there may be fewer than {@link #COUNT}, and begins their sums. */
    void read(Tensor weight, int first, int count) {
        for (int row = 0; row < COUNT; row++) {
            errors[row] = 0;
            norms[row] = 0;
            if (row < count) {
                weight.toFloats((long) (first + row) * k, weights[row], k);
            }
        }
    }

    float[] weights(int row) {
        return weights[row];
    }

    /** Finds the least and the largest weight of a block; NaN when one of them is. */
    void span(int row, int from, int to) {
        float[] w = weights[row];
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            least = Math.min(least, w[i]);
            largest = Math.max(largest, w[i]);
        }
        low = least;
        high = largest;
    }

    float low() {
        return low;
    }

    float high() {
        return high;
    }

    /** Rounds a block to its grid. */
    void round(int row, int block, float gridScale, int zeroPoint, int largestCode) {
        int from = block * blockSize;
        int size = Math.min(blockSize, k - from);
        zeroPoints[row][block] = (byte) zeroPoint;
        round(weights[row], from, size, squares[row], gridScale, zeroPoint, largestCode);
        byte[] found = codes[row];
        for (int i = 0; i < size; i++) {
            found[from + i] = (byte) (int) numbers[i];
        }
    }

    private void round(
            float[] w, int from, int size, double[] squared, double scale, double zeroPoint, double largestCode) {
        double[] found = numbers;
        for (int i = 0; i < size; i++) {
            double weight = w[from + i];
            double code = Math.min(Math.max(Math.rint(weight / scale) + zeroPoint, 0.0), largestCode);
            double error = (code - zeroPoint) * scale - weight;
            found[i] = code;
            squared[i] = error * error;
        }
    }

    /** Adds what rounding a block gave, and its weights, to the sums of all rows. */
    void sum(int from, int to) {
        double e0 = errors[0];
        double e1 = errors[1];
        double e2 = errors[2];
        double e3 = errors[3];
        double n0 = norms[0];
        double n1 = norms[1];
        double n2 = norms[2];
        double n3 = norms[3];
        for (int i = from; i < to; i++) {
            e0 += squares[0][i - from];
            e1 += squares[1][i - from];
            e2 += squares[2][i - from];
            e3 += squares[3][i - from];
            n0 += (double) weights[0][i] * weights[0][i];
            n1 += (double) weights[1][i] * weights[1][i];
            n2 += (double) weights[2][i] * weights[2][i];
            n3 += (double) weights[3][i] * weights[3][i];
        }
        errors[0] = e0;
        errors[1] = e1;
        errors[2] = e2;
        errors[3] = e3;
        norms[0] = n0;
        norms[1] = n1;
        norms[2] = n2;
        norms[3] = n3;
    }

    /** Sum of a row's squared errors. */
    double error(int row) {
        return errors[row];
    }

    /** Sum of a row's squared weights. */
    double norm(int row) {
        return norms[row];
    }

    void packCodes(int row, int bits, byte[] packed, int at) {
        CodePacking.packRow(codes[row], 0, k, bits, packed, at);
    }

    void packZeroPoints(int row, int bits, byte[] packed, int at) {
        CodePacking.packRow(zeroPoints[row], 0, zeroPoints[row].length, bits, packed, at);
    }
}
