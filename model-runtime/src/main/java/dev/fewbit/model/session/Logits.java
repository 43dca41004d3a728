package dev.fewbit.model.session;

/**
 * Full logits, for measuring.
 *
 * @param values {@code [rows, vocabulary]}, row-major
 * @param vocabulary size of a row
 */
public record Logits(float[] values, int vocabulary) {
    public int rows() {
        return values.length / vocabulary;
    }

    public float at(int row, int token) {
        return values[row * vocabulary + token];
    }
}
