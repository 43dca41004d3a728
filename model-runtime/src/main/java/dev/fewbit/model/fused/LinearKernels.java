package dev.fewbit.model.fused;

import dev.fewbit.model.device.CudaKernels;
import dev.fewbit.model.device.CudaKernels.Grid;
import dev.fewbit.model.device.CudaMemory;
import dev.fewbit.model.device.CudaProducts;
import java.util.List;

/** Linears over 4-bit codes: a few rows by a kernel of our own, more by cuBLAS over the numbers that the codes stand for. */
final class LinearKernels implements AutoCloseable {
    /** From here on dequantizing costs less than reading the codes for every row. */
    private static final int MOST_ROWS = 8;

    private static final int THREADS = 256;
    private static final int WARPS = 8;
    private static final int EIGHTS = 8;
    /** Outputs from which two a warp still fill a large GPU. */
    private static final int WIDE = 4096;

    private final CudaMemory memory;
    private final CudaKernels kernels;
    private final CudaProducts products;
    private final long dense;

    /**
     * The addresses of a linear's tensors.
     *
     * @param zeros 0 where there are none
     */
    record Tensors(long x, long codes, long scales, long zeros, long out) {}

    /** @param largest numbers of the largest linear */
    LinearKernels(CudaMemory memory, long largest) {
        this.memory = memory;
        kernels = memory.kernels("rows.cu", KernelSource.of("rows.cu"), List.of());
        products = memory.products();
        dense = memory.allocate(largest * Short.BYTES);
    }

    void launch(LinearNode node, Tensors tensors, int rows) {
        if (rows <= MOST_ROWS) {
            boolean wide = node.n() >= WIDE;
            kernels.launch(
                    wide ? "rows_by_two" : "rows_by_one",
                    new Grid(Math.ceilDiv(node.n(), wide ? 2 * WARPS : WARPS), rows, 1, THREADS),
                    tensors.x(),
                    tensors.codes(),
                    tensors.scales(),
                    tensors.zeros(),
                    tensors.out(),
                    node.n(),
                    node.k(),
                    node.block());
            return;
        }
        long eights = (long) node.n() * node.k() / EIGHTS;
        kernels.launch(
                "dequantize",
                new Grid(Math.toIntExact(Math.ceilDiv(eights, THREADS)), 1, 1, THREADS),
                tensors.codes(),
                tensors.scales(),
                tensors.zeros(),
                dense,
                node.n(),
                node.k(),
                node.block());
        products.multiply(tensors.x(), dense, tensors.out(), rows, node.n(), node.k());
    }

    @Override
    public void close() {
        kernels.close();
        products.close();
        memory.free(dense);
    }
}
