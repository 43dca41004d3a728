package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A residual stream {@code [tokens, hidden]}: in device memory, or where it does not fit in memory of the host that the device copies from
 * and to directly. Either way it is worked on in rows, with the same result.
 */
final class StreamRows implements AutoCloseable {
    private final CudaDevice device;
    private final int rows;
    private final int columns;
    private final DeviceArena arena;
    /** {@code null} where the stream is on the host. */
    private final DeviceMatrix resident;

    private final MemorySegment pinned;
    private final Matrix onHost;

    /** @param onDevice whether it is held there */
    StreamRows(CudaDevice device, int rows, int columns, boolean onDevice) {
        this.device = device;
        this.rows = rows;
        this.columns = columns;
        arena = device.newArena();
        resident = onDevice ? arena.matrix(rows, columns) : null;
        pinned = onDevice ? null : device.driver().allocateHost(bytes());
        onHost = onDevice ? null : new Matrix(pinned, rows, columns);
    }

    /** Rows to be read and written; {@link #give} puts back what was written. */
    DeviceMatrix take(DeviceArena scratch, int from, int count) {
        return resident != null ? resident.rows(from, count) : device.upload(scratch, onHost.rows(from, count));
    }

    /** Puts rows back that {@link #take} gave. */
    void give(DeviceMatrix changed, int from) {
        if (resident == null) {
            changed.download(onHost.rows(from, changed.rows()));
        }
    }

    /** Sets rows. */
    void set(int from, Matrix values) {
        if (resident != null) {
            resident.rows(from, values.rows()).upload(values);
        } else {
            onHost.rows(from, values.rows()).data().copyFrom(values.data());
        }
    }

    /** All of it, in memory of the host. */
    MemorySegment save() {
        if (resident == null) {
            return pinned;
        }
        MemorySegment copy = Arena.ofAuto().allocate(bytes(), Float.BYTES);
        device.download(resident.address(), copy);
        return copy;
    }

    long bytes() {
        return (long) rows * columns * Float.BYTES;
    }

    @Override
    public void close() {
        arena.close();
        if (pinned != null) {
            device.driver().freeHost(pinned);
        }
    }
}
