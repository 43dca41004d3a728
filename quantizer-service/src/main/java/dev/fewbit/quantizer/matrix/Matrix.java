package dev.fewbit.quantizer.matrix;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An fp32 matrix in memory off the heap, row-major without gaps.
 *
 * @param data {@code rows * columns} floats, in native order
 * @param rows of it
 * @param columns of it
 */
public record Matrix(MemorySegment data, int rows, int columns) {
    private static final long ALIGNMENT = 64;

    /** A matrix of zeros that lives as long as {@code arena}. */
    public static Matrix allocate(Arena arena, int rows, int columns) {
        return new Matrix(arena.allocate((long) rows * columns * Float.BYTES, ALIGNMENT), rows, columns);
    }

    /** The elements of a two-dimensional tensor, widened. */
    public static Matrix of(Arena arena, Tensor tensor) {
        long[] shape = tensor.shape();
        Matrix matrix = allocate(arena, Math.toIntExact(shape[0]), Math.toIntExact(shape[1]));
        tensor.copyTo(matrix.data);
        return matrix;
    }

    /** The weights that codes stand for, {@code [n, k]}. */
    public static Matrix of(Arena arena, BlockQuantizedWeight weight) {
        Matrix matrix = allocate(arena, weight.n(), weight.k());
        weight.dequantize(matrix.data);
        return matrix;
    }

    /** A copy that lives as long as {@code arena}. */
    public Matrix copy(Arena arena) {
        Matrix copy = allocate(arena, rows, columns);
        copy.data.copyFrom(data);
        return copy;
    }

    /** A view of the beginning of the memory, as a matrix of another shape that is no larger. */
    public Matrix reshaped(int toRows, int toColumns) {
        return new Matrix(data.asSlice(0, (long) toRows * toColumns * Float.BYTES), toRows, toColumns);
    }

    /** A view of {@code count} rows from row {@code from} on. */
    public Matrix rows(int from, int count) {
        return new Matrix(
                data.asSlice(offset(from, 0), (long) count * columns * Float.BYTES, Float.BYTES), count, columns);
    }

    /** A view of the memory from an element on. */
    MemorySegment from(int row, int column) {
        return data.asSlice(offset(row, column));
    }

    public float get(int row, int column) {
        return data.get(ValueLayout.JAVA_FLOAT, offset(row, column));
    }

    public void set(int row, int column, float value) {
        data.set(ValueLayout.JAVA_FLOAT, offset(row, column), value);
    }

    /** A row, copied. */
    public float[] row(int row) {
        float[] values = new float[columns];
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, offset(row, 0), values, 0, columns);
        return values;
    }

    /** A part of a row, copied to the beginning of {@code values}. */
    public void copyRow(int row, int fromColumn, float[] values, int count) {
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, offset(row, fromColumn), values, 0, count);
    }

    /** Replaces a row. */
    public void setRow(int row, float[] values) {
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, offset(row, 0), columns);
    }

    /** Replaces the first {@code count} elements of a row. */
    public void setRow(int row, float[] values, int count) {
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, offset(row, 0), count);
    }

    /** {@code this -= other}. */
    public void subtract(Matrix other) {
        for (int row = 0; row < rows; row++) {
            float[] mine = row(row);
            float[] theirs = other.row(row);
            for (int i = 0; i < columns; i++) {
                mine[i] -= theirs[i];
            }
            setRow(row, mine);
        }
    }

    private long offset(int row, int column) {
        return ((long) row * columns + column) * Float.BYTES;
    }
}
