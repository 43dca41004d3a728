package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Positions;
import dev.fewbit.quantizer.matrix.Matrix;

/**
 * Rotary positions: the two halves of the first dimensions of every head are turned by angles that grow with the position. Sequences begin
 * at position 0. For learned positions nothing is turned.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>
 */
public final class RotaryPositions {
    private final int headDim;
    /** Half of the dimensions that are turned. */
    private final int half;
    /** {@code [length, half]}. */
    private final float[][] cos;

    private final float[][] sin;

    /** @param length of the longest sequence */
    public RotaryPositions(ModelConfig config, int length) {
        headDim = config.headDim();
        float[] frequencies;
        float magnitude;
        switch (config.decoder().positions()) {
            case Positions.Rotary rotary -> {
                frequencies = rotary.frequencies();
                magnitude = rotary.magnitude();
            }
            case Positions.Learned learned -> {
                frequencies = new float[0];
                magnitude = 1;
            }
        }
        half = frequencies.length;
        cos = new float[length][half];
        sin = new float[length][half];
        for (int i = 0; i < half; i++) {
            for (int position = 0; position < length; position++) {
                // As the graph computes it: frequencies and angles are rounded to fp32.
                float angle = position * frequencies[i];
                cos[position][i] = (float) StrictMath.cos(angle) * magnitude;
                sin[position][i] = (float) StrictMath.sin(angle) * magnitude;
            }
        }
    }

    /** Cosines of the angles at a position, half as many as dimensions are turned: not to be written to. */
    public float[] cosines(int position) {
        return cos[position];
    }

    /** Sines of the angles at a position, half as many as dimensions are turned: not to be written to. */
    public float[] sines(int position) {
        return sin[position];
    }

    /**
     * Turns every head of every position.
     *
     * @param heads {@code [tokens, count * headDim]}
     */
    public void rotate(Matrix heads, int count) {
        turn(heads, count, 1);
    }

    /** Turns back: what is left of a gradient when it has passed {@link #rotate}. */
    public void rotateBack(Matrix heads, int count) {
        turn(heads, count, -1);
    }

    /**
     * Turns every head of tokens that are all at one position.
     *
     * @param heads {@code [tokens, count * headDim]}
     */
    public void rotateAt(Matrix heads, int count, int position) {
        for (int token = 0; token < heads.rows(); token++) {
            float[] row = heads.row(token);
            turn(row, count, position, 1);
            heads.setRow(token, row);
        }
    }

    private void turn(Matrix heads, int count, float direction) {
        for (int position = 0; position < heads.rows(); position++) {
            float[] row = heads.row(position);
            turn(row, count, position, direction);
            heads.setRow(position, row);
        }
    }

    private void turn(float[] row, int count, int position, float direction) {
        for (int head = 0; head < count; head++) {
            int at = head * headDim;
            for (int i = 0; i < half; i++) {
                float first = row[at + i];
                float second = row[at + half + i];
                float s = direction * sin[position][i];
                row[at + i] = first * cos[position][i] - second * s;
                row[at + half + i] = second * cos[position][i] + first * s;
            }
        }
    }
}
