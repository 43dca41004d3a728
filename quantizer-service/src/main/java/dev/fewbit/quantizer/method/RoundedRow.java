package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;

/**
 * A row of a weight while it is rounded to nearest, in arrays that are used again for the next row. Loops go over a block with one kind of
 * operation each, so that the compiler can work on several weights at a time; sums go in the order of weights.
 */
final class RoundedRow {
    private final float[] weights;
    /** {@code code} as a number. */
    private final double[] numbers;

    private final double[] squares;
    private final byte[] codes;
    private final byte[] zeroPoints;

    RoundedRow(int k, int blocks) {
        weights = new float[k];
        numbers = new double[k];
        squares = new double[k];
        codes = new byte[k];
        zeroPoints = new byte[blocks];
    }

    boolean holds(int k, int blocks) {
        return weights.length == k && zeroPoints.length == blocks;
    }

    void read(Tensor weight, int row) {
        weight.toFloats((long) row * weights.length, weights, weights.length);
    }

    float[] weights() {
        return weights;
    }

    /** The least weight of a block; NaN when one of them is. */
    float low(int from, int to) {
        float low = Float.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            low = Math.min(low, weights[i]);
        }
        return low;
    }

    /** The largest weight of a block; NaN when one of them is. */
    float high(int from, int to) {
        float high = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            high = Math.max(high, weights[i]);
        }
        return high;
    }

    /** Rounds a block to its grid. */
    void round(int block, int from, int to, float gridScale, int zeroPoint, int largestCode) {
        double scale = gridScale;
        double offset = zeroPoint;
        double largest = largestCode;
        zeroPoints[block] = (byte) zeroPoint;
        for (int i = from; i < to; i++) {
            double weight = weights[i];
            double code = Math.min(Math.max(Math.rint(weight / scale) + offset, 0.0), largest);
            double error = (code - offset) * scale - weight;
            numbers[i] = code;
            squares[i] = error * error;
        }
    }

    /** Packs the row's codes and zero points. */
    void pack(int bits, byte[] packedCodes, int codesAt, byte[] packedPoints, int pointsAt) {
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (int) numbers[i];
        }
        CodePacking.packRow(codes, 0, codes.length, bits, packedCodes, codesAt);
        if (packedPoints != null) {
            CodePacking.packRow(zeroPoints, 0, zeroPoints.length, bits, packedPoints, pointsAt);
        }
    }

    /** Sums of squared errors of some rows: of several at a time, since a sum in order waits for itself. */
    static void addErrors(RoundedRow[] rows, int count, double[] errors, double[] norms, int first) {
        int row = 0;
        for (; row + 1 < count; row += 2) {
            addErrors(rows[row], rows[row + 1], errors, norms, first + row);
        }
        if (row < count) {
            double error = 0;
            double norm = 0;
            for (int i = 0; i < rows[row].weights.length; i++) {
                error += rows[row].squares[i];
                norm += (double) rows[row].weights[i] * rows[row].weights[i];
            }
            errors[first + row] = error;
            norms[first + row] = norm;
        }
    }

    private static void addErrors(RoundedRow a, RoundedRow b, double[] errors, double[] norms, int first) {
        double errorOfA = 0;
        double errorOfB = 0;
        double normOfA = 0;
        double normOfB = 0;
        for (int i = 0; i < a.weights.length; i++) {
            errorOfA += a.squares[i];
            errorOfB += b.squares[i];
            normOfA += (double) a.weights[i] * a.weights[i];
            normOfB += (double) b.weights[i] * b.weights[i];
        }
        errors[first] = errorOfA;
        errors[first + 1] = errorOfB;
        norms[first] = normOfA;
        norms[first + 1] = normOfB;
    }
}
