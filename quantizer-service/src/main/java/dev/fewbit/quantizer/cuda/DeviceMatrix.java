package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.matrix.Matrix;

/**
 * An fp32 matrix in device memory, row-major without gaps.
 *
 * @param device that holds it
 * @param address of the first element
 * @param rows of it
 * @param columns of it
 */
public record DeviceMatrix(CudaDevice device, long address, int rows, int columns) {

    /** Takes the elements of a matrix of the same shape. */
    public void upload(Matrix from) {
        requireShape(from.rows(), from.columns());
        device.upload(from.data(), address);
    }

    /** Gives its elements to a matrix of the same shape, when all that was asked for before is done. */
    public void download(Matrix to) {
        requireShape(to.rows(), to.columns());
        device.download(address, to.data());
    }

    /** Takes the elements of another of the same shape. */
    public void copyFrom(DeviceMatrix from) {
        requireShape(from.rows, from.columns);
        device.driver().copyOnDevice(address, from.address, bytes(), device.stream());
    }

    /** Sets all elements to 0. */
    public void clear() {
        device.driver().clear(address, bytes(), device.stream());
    }

    /** A view of {@code count} rows from row {@code from} on. */
    public DeviceMatrix rows(int from, int count) {
        if (from < 0 || count < 0 || from + count > rows) {
            throw new IndexOutOfBoundsException("rows %d to %d of %d".formatted(from, from + count, rows));
        }
        return new DeviceMatrix(device, at(from, 0), count, columns);
    }

    /** A view of all elements in rows of {@code width}. */
    public DeviceMatrix reshaped(int width) {
        if (elements() % width != 0) {
            throw new IllegalArgumentException("[%d, %d] in rows of %d".formatted(rows, columns, width));
        }
        return new DeviceMatrix(device, address, Math.toIntExact(elements() / width), width);
    }

    /** Address of an element. */
    public long at(int row, int column) {
        return address + ((long) row * columns + column) * Float.BYTES;
    }

    /** Number of elements. */
    public long elements() {
        return (long) rows * columns;
    }

    private long bytes() {
        return elements() * Float.BYTES;
    }

    private void requireShape(int otherRows, int otherColumns) {
        if (otherRows != rows || otherColumns != columns) {
            throw new IllegalArgumentException(
                    "[%d, %d] into [%d, %d]".formatted(otherRows, otherColumns, rows, columns));
        }
    }
}
