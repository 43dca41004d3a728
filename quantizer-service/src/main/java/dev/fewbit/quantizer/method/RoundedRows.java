package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.FloatReader;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Some rows of a weight while they are rounded to nearest, {@link #COLUMNS} columns of each at a time, so that what these need stays in the first
 * cache. Loops are long and of few operations, with the grid of a block repeated for each of its weights: so the compiler works on many weights at a
 * time, which it does not in a loop over one block. Sums go in the order of a row's weights, several rows at a time, since such a sum waits for
 * itself.
 */
final class RoundedRows {
    static final int COUNT = 4;
    /** Whole blocks, whatever their size. */
    static final int COLUMNS = 512;
    /** Added to a float below 2^22 it leaves no bits for a fraction: the sum is rounded to the nearest integer, ties to the even one. */
    private static final float NO_FRACTION = 0x1.8p23f;

    private final float[][] weights = new float[COUNT][COLUMNS];
    /** Bits of the row's weights that was read last: least and largest integers are found faster than floats. */
    private final int[] bits = new int[COLUMNS];

    private final byte[][] codes = new byte[COUNT][COLUMNS];
    /** Squared errors of rounding. */
    private final double[][] squares = new double[COUNT][COLUMNS];

    /** Of one row, for each weight. */
    private final float[] scales = new float[COLUMNS];

    private final float[] zeroPoints = new float[COLUMNS];
    private final float[] numbers = new float[COLUMNS];
    private final float[] differences = new float[COLUMNS];

    private final FloatReader reader = new FloatReader();
    private final byte[][] blockZeroPoints;
    private final double[] errors = new double[COUNT];
    private final double[] norms = new double[COUNT];
    private float low;
    private float high;

    /** @param blocks of a row */
    RoundedRows(int blocks) {
        blockZeroPoints = new byte[COUNT][blocks];
    }

    /** Blocks of a row. */
    int blocks() {
        return blockZeroPoints[0].length;
    }

    /** Begins the sums of other rows. */
    void begin() {
        Arrays.fill(errors, 0);
        Arrays.fill(norms, 0);
    }

    /** Reads {@code size} weights from element {@code first} on; spans are of the row that was read last. */
    void read(int row, Tensor weight, long first, int size) {
        reader.read(weight, first, weights[row], size);
        MemorySegment.copy(MemorySegment.ofArray(weights[row]), ValueLayout.JAVA_INT, 0, bits, 0, size);
    }

    float[] weights(int row) {
        return weights[row];
    }

    /** Finds the least and the largest weight of a block; NaN when one of them is. */
    void span(int from, int to) {
        int least = Integer.MAX_VALUE;
        int largest = Integer.MIN_VALUE;
        for (int i = from; i < to; i++) {
            int number = ordered(bits[i]);
            least = Math.min(least, number);
            largest = Math.max(largest, number);
        }
        low = Float.intBitsToFloat(ordered(least));
        high = Float.intBitsToFloat(ordered(largest));
    }

    /** An integer that is in the order of the float with these bits, the NaNs at the ends; and back. */
    private static int ordered(int bits) {
        return bits ^ bits >> Integer.SIZE - 1 & Integer.MAX_VALUE;
    }

    float low() {
        return low;
    }

    float high() {
        return high;
    }

    /** Gives a block, at columns {@code [from, to)}, its grid. */
    void setGrid(int row, int block, int from, int to, float scale, int zeroPoint) {
        blockZeroPoints[row][block] = (byte) zeroPoint;
        Arrays.fill(scales, from, to, scale);
        Arrays.fill(zeroPoints, from, to, zeroPoint);
    }

    /**
     * Rounds the row's weights to their grids, set before.
     *
     * @param type that the weights are stored in. With the 8 or 11 significant bits of bf16 and fp16, and the 11 of a scale, a quotient is a half
     *     integer or at least 2^-12 off one, and an error has at most 24 bits: fp32 gives what exact arithmetic does
     */
    void round(int row, int size, DType type, int largestCode) {
        if (type == DType.F32) {
            roundExactly(weights[row], size, codes[row], squares[row], largestCode);
        } else {
            round(weights[row], size, largestCode);
            square(size, codes[row], squares[row]);
        }
    }

    private void round(float[] w, int size, float largestCode) {
        float[] s = scales;
        float[] z = zeroPoints;
        float[] found = numbers;
        float[] error = differences;
        for (int i = 0; i < size; i++) {
            float steps = w[i] / s[i] + NO_FRACTION - NO_FRACTION;
            float code = Math.min(Math.max(steps + z[i], 0f), largestCode);
            found[i] = code;
            error[i] = (code - z[i]) * s[i] - w[i];
        }
    }

    private void square(int size, byte[] found, double[] squared) {
        for (int i = 0; i < size; i++) {
            found[i] = (byte) (int) numbers[i];
        }
        for (int i = 0; i < size; i++) {
            squared[i] = (double) differences[i] * differences[i];
        }
    }

    private void roundExactly(float[] w, int size, byte[] found, double[] squared, double largestCode) {
        for (int i = 0; i < size; i++) {
            double scale = scales[i];
            double zeroPoint = zeroPoints[i];
            double code = Math.min(Math.max(Math.rint(w[i] / scale) + zeroPoint, 0.0), largestCode);
            double error = (code - zeroPoint) * scale - w[i];
            found[i] = (byte) (int) code;
            squared[i] = error * error;
        }
    }

    /** Adds what rounding {@code size} columns gave, and their weights, to the sums of all rows. */
    void sum(int size) {
        double e0 = errors[0];
        double e1 = errors[1];
        double e2 = errors[2];
        double e3 = errors[3];
        double n0 = norms[0];
        double n1 = norms[1];
        double n2 = norms[2];
        double n3 = norms[3];
        for (int i = 0; i < size; i++) {
            e0 += squares[0][i];
            e1 += squares[1][i];
            e2 += squares[2][i];
            e3 += squares[3][i];
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

    /** Packs the codes of {@code size} columns. */
    void packCodes(int row, int size, int bits, byte[] packed, int at) {
        CodePacking.packRow(codes[row], 0, size, bits, packed, at);
    }

    void packZeroPoints(int row, int bits, byte[] packed, int at) {
        CodePacking.packRow(blockZeroPoints[row], 0, blocks(), bits, packed, at);
    }
}
