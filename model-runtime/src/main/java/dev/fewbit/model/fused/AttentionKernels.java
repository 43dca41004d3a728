package dev.fewbit.model.fused;

import dev.fewbit.model.device.CudaKernels;
import dev.fewbit.model.device.CudaKernels.Grid;
import dev.fewbit.model.device.CudaMemory;
import java.util.List;

/** Attention over an int8 cache, for layers of one shape. */
final class AttentionKernels implements AutoCloseable {
    private static final int THREADS = 128;
    private static final int APPEND_THREADS = 64;
    private static final int QUERIES = 64;
    /** Fewer tokens a block are not worth joining them. */
    private static final int LEAST_TOKENS = 64;
    /** What a block leaves beside a head's sum: its largest score and its weight. */
    private static final int BESIDE = 2;

    private final CudaMemory memory;
    private final CudaKernels kernels;
    private final AttentionNode shape;
    private final int blocks;
    private final long partial;
    private final long arrived;

    /**
     * How blocks are cut, which no result depends on but in its last bits.
     *
     * @param blocks that a step of few rows is cut into, about
     * @param ahead tokens that a thread asks for before it looks at the first
     * @param resident blocks that a multiprocessor is to hold, a bound on registers
     */
    record Tuning(int blocks, int ahead, int resident) {
        /** For an H100: 132 multiprocessors. */
        static Tuning of(AttentionNode shape) {
            return new Tuning(1056, 4, 1);
        }
    }

    /**
     * The addresses of a layer's tensors.
     *
     * @param packed queries, keys and values
     * @param last position of each row's last token
     * @param out what is attended
     */
    record Tensors(
            long packed,
            long keys,
            long values,
            long keyScales,
            long valueScales,
            long last,
            long cosines,
            long sines,
            long out) {}

    AttentionKernels(CudaMemory memory, AttentionNode shape, Tuning tuning) {
        this.memory = memory;
        this.shape = shape;
        blocks = tuning.blocks();
        kernels = memory.kernels(
                "attention.cu",
                KernelSource.of("attention.cu"),
                List.of(
                        "DIM=" + shape.headDim(),
                        "GROUP=" + shape.group(),
                        "AHEAD=" + tuning.ahead(),
                        "RESIDENT=" + tuning.resident()));
        partial = memory.allocate((long) blocks * shape.group() * (shape.headDim() + BESIDE) * Float.BYTES);
        arrived = memory.allocate((long) blocks * Integer.BYTES);
    }

    /** Asks for one layer's attention of {@code rows} rows of {@code length} new tokens. */
    void launch(Tensors tensors, int rows, int length, int capacity) {
        if (length == 1) {
            step(tensors, rows, capacity);
        } else {
            prompt(tensors, rows, length, capacity);
        }
    }

    private void step(Tensors tensors, int rows, int capacity) {
        int groups = shape.heads() / shape.group();
        int splits = Math.clamp(blocks / (rows * groups), 1, Math.max(1, capacity / LEAST_TOKENS));
        kernels.launch(
                "attend",
                new Grid(splits, groups, rows, THREADS),
                tensors.packed(),
                tensors.keys(),
                tensors.values(),
                tensors.keyScales(),
                tensors.valueScales(),
                tensors.last(),
                tensors.cosines(),
                tensors.sines(),
                tensors.out(),
                partial,
                arrived,
                shape.heads(),
                shape.kvHeads(),
                capacity,
                shape.scale());
    }

    private void prompt(Tensors tensors, int rows, int length, int capacity) {
        kernels.launch(
                "append",
                new Grid(length, shape.kvHeads(), rows, APPEND_THREADS),
                tensors.packed(),
                tensors.keys(),
                tensors.values(),
                tensors.keyScales(),
                tensors.valueScales(),
                tensors.last(),
                tensors.cosines(),
                tensors.sines(),
                shape.heads(),
                shape.kvHeads(),
                capacity);
        kernels.launch(
                "attend_prompt",
                new Grid(Math.ceilDiv(length, QUERIES), shape.heads(), rows, THREADS),
                tensors.packed(),
                tensors.keys(),
                tensors.values(),
                tensors.keyScales(),
                tensors.valueScales(),
                tensors.last(),
                tensors.cosines(),
                tensors.sines(),
                tensors.out(),
                shape.heads(),
                shape.kvHeads(),
                capacity,
                shape.scale(),
                length);
    }

    @Override
    public void close() {
        kernels.close();
        memory.free(partial);
        memory.free(arrived);
    }
}
