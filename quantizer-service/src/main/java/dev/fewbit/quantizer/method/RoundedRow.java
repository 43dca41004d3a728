package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;

/**
 * A row of a weight while it is rounded to nearest, in arrays that are used again for the next row. Loops go over a block with one kind of
 * operation each, so that the compiler can work on several weights at a time; sums go in the order of weights.
 */
final class RoundedRow {
    /** Rows whose errors are summed at a time. */
    static final int AT_A_TIME = 4;

    private final float[] weights;
    /** {@code code} as a number. */
    private final double[] numbers;

    private final double[] squares;
    private final byte[] codes;
    private final byte[] zeroPoints;
    private float low;
    private float high;

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

    /** Finds the least and the largest weight of a block; NaN when one of them is. */
    void span(int from, int to) {
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            least = Math.min(least, weights[i]);
            largest = Math.max(largest, weights[i]);
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

    /** Sums of squared errors and weights of some rows: of four at a time, since a sum in order waits for itself. */
    static void addErrors(RoundedRow[] rows, int count, double[] errors, double[] norms, int first) {
        if (count == AT_A_TIME) {
            addFour(rows, errors, norms, first);
            return;
        }
        for (int row = 0; row < count; row++) {
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

    private static void addFour(RoundedRow[] rows, double[] errors, double[] norms, int first) {
        double e0 = 0;
        double e1 = 0;
        double e2 = 0;
        double e3 = 0;
        double n0 = 0;
        double n1 = 0;
        double n2 = 0;
        double n3 = 0;
        double[] s0 = rows[0].squares;
        double[] s1 = rows[1].squares;
        double[] s2 = rows[2].squares;
        double[] s3 = rows[3].squares;
        float[] w0 = rows[0].weights;
        float[] w1 = rows[1].weights;
        float[] w2 = rows[2].weights;
        float[] w3 = rows[3].weights;
        for (int i = 0; i < s0.length; i++) {
            e0 += s0[i];
            e1 += s1[i];
            e2 += s2[i];
            e3 += s3[i];
            n0 += (double) w0[i] * w0[i];
            n1 += (double) w1[i] * w1[i];
            n2 += (double) w2[i] * w2[i];
            n3 += (double) w3[i] * w3[i];
        }
        errors[first] = e0;
        errors[first + 1] = e1;
        errors[first + 2] = e2;
        errors[first + 3] = e3;
        norms[first] = n0;
        norms[first + 1] = n1;
        norms[first + 2] = n2;
        norms[first + 3] = n3;
    }
}
