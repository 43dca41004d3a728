package dev.fewbit.quantizer.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A function that runs on the device. */
public final class Kernel {
    private static final int MOST_ARGUMENTS = 24;
    /** Of the 48 KiB that need no asking, what a kernel declares itself takes a part. */
    private static final int SHARED_WITHOUT_ASKING = 32 << 10;

    private final CudaDevice device;
    private final String name;
    private final MemorySegment function;
    // Of the garbage collector: they live as long as the kernel.
    private final MemorySegment values = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, MOST_ARGUMENTS);
    private final MemorySegment pointers = Arena.ofAuto().allocate(ValueLayout.ADDRESS, MOST_ARGUMENTS);
    private int allowedShared = SHARED_WITHOUT_ASKING;

    Kernel(CudaDevice device, String name, MemorySegment function) {
        this.device = device;
        this.name = name;
        this.function = function;
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice((long) i * Long.BYTES, Long.BYTES));
        }
    }

    /**
     * Launches it; returns before it has run.
     *
     * @param arguments in the kernel's order: a {@link DeviceMatrix} for a pointer to its first element, a {@code Long} for a pointer or
     *     {@code long long}, an {@code Integer} for {@code int}, a {@code Float} for {@code float}, a {@code Double} for {@code double}
     */
    public void launch(Grid grid, Object... arguments) {
        if (arguments.length > MOST_ARGUMENTS) {
            throw new IllegalArgumentException(name + ": " + arguments.length + " arguments");
        }
        if (grid.x() == 0 || grid.y() == 0) {
            return;
        }
        for (int i = 0; i < arguments.length; i++) {
            long at = (long) i * Long.BYTES;
            switch (arguments[i]) {
                case DeviceMatrix matrix -> values.set(ValueLayout.JAVA_LONG, at, matrix.address());
                case Long value -> values.set(ValueLayout.JAVA_LONG, at, value);
                case Integer value -> values.set(ValueLayout.JAVA_INT, at, value);
                case Float value -> values.set(ValueLayout.JAVA_FLOAT, at, value);
                case Double value -> values.set(ValueLayout.JAVA_DOUBLE, at, value);
                default ->
                    throw new IllegalArgumentException(name + ": argument " + i + " is a " + arguments[i].getClass());
            }
        }
        if (grid.sharedBytes() > allowedShared) {
            device.driver().allowShared(function, grid.sharedBytes());
            allowedShared = grid.sharedBytes();
        }
        device.driver().launch(name, function, grid, device.stream(), pointers);
    }
}
