package dev.fewbit.quantizer.cuda;

/**
 * How a kernel is launched.
 *
 * @param x blocks
 * @param y blocks, at most 65,535
 * @param threads of a block
 * @param sharedBytes of a block, beside what the kernel declares
 */
public record Grid(int x, int y, int threads, int sharedBytes) {
    /** Threads of a block where nothing speaks for another number. */
    public static final int THREADS = 256;

    private static final int MOST_BLOCKS = 1 << 20;

    /** A block a row. */
    public static Grid rows(int rows) {
        return new Grid(rows, 1, THREADS, 0);
    }

    /** Enough threads for {@code elements}; kernels step on by the size of the grid. */
    public static Grid elements(long elements) {
        return new Grid(Math.clamp(Math.ceilDiv(elements, THREADS), 1, MOST_BLOCKS), 1, THREADS, 0);
    }

    /** The same with shared memory. */
    public Grid withShared(int bytes) {
        return new Grid(x, y, threads, bytes);
    }
}
