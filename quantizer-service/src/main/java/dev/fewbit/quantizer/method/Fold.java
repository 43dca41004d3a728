package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;

/**
 * Factors that a weight {@code W [n, k]} takes over from what stands around it, {@code diag(1 / rows) W diag(columns)}: its inputs are
 * divided by {@code columns} where they are made, and whoever reads its outputs multiplies them by {@code rows}.
 *
 * @param rows {@code [n]}, none of them 0; {@code null} for ones
 * @param columns {@code [k]}, none of them 0; {@code null} for ones
 */
record Fold(float[] rows, float[] columns) {

    /** With the factors taken over. */
    Matrix apply(Arena arena, Matrix weight) {
        Matrix folded = Matrix.allocate(arena, weight.rows(), weight.columns());
        for (int row = 0; row < weight.rows(); row++) {
            float[] values = weight.row(row);
            float divisor = rows == null ? 1 : rows[row];
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * (columns == null ? 1 : columns[i]) / divisor;
            }
            folded.setRow(row, values);
        }
        return folded;
    }

    /** What a folded weight does in its old place: {@code diag(rows) W diag(1 / columns)}. */
    Matrix undo(Arena arena, Matrix folded) {
        Matrix weight = Matrix.allocate(arena, folded.rows(), folded.columns());
        for (int row = 0; row < folded.rows(); row++) {
            float[] values = folded.row(row);
            float factor = rows == null ? 1 : rows[row];
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] / (columns == null ? 1 : columns[i]) * factor;
            }
            weight.setRow(row, values);
        }
        return weight;
    }
}
