package dev.fewbit.model.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Products of fp16 matrices by cuBLAS, summed in fp32, on the stream of a GPU's memory. Their workspace never moves, so that they can be
 * recorded.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cublas/">cuBLAS</a>
 */
public final class CudaProducts implements AutoCloseable {
    static final String LIBRARY = "libcublas.so.13";

    private static final long WORKSPACE_BYTES = 32L << 20;
    private static final int AS_IT_IS = 0;
    private static final int TRANSPOSED = 1;
    private static final int HALF = 2;
    private static final int COMPUTE_32F = 68;
    private static final int DEFAULT = -1;

    private final CudaFunctions cublas;
    private final CudaMemory memory;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment handle;
    private final MemorySegment one = arena.allocateFrom(JAVA_FLOAT, 1);
    private final MemorySegment nothing = arena.allocateFrom(JAVA_FLOAT, 0);
    private final long workspace;

    CudaProducts(CudaFunctions cublas, CudaMemory memory, MemorySegment stream) {
        this.cublas = cublas;
        this.memory = memory;
        MemorySegment made = arena.allocate(ADDRESS);
        run("cublasCreate_v2", made);
        handle = made.get(ADDRESS, 0);
        run("cublasSetStream_v2", handle, stream);
        workspace = memory.allocate(WORKSPACE_BYTES);
        run("cublasSetWorkspace_v2", handle, workspace, WORKSPACE_BYTES);
    }

    /** {@code out [rows, n] = x [rows, k] * weight [n, k]^T}, addresses of fp16 numbers. */
    public void multiply(long x, long weight, long out, int rows, int n, int k) {
        run(
                "cublasGemmEx",
                handle,
                TRANSPOSED,
                AS_IT_IS,
                n,
                rows,
                k,
                one,
                weight,
                HALF,
                k,
                x,
                HALF,
                k,
                nothing,
                out,
                HALF,
                n,
                COMPUTE_32F,
                DEFAULT);
    }

    private void run(String name, Object... arguments) {
        int status = cublas.status(name, arguments);
        if (status != 0) {
            throw new DeviceException("device cuda: " + name + ": cuBLAS status " + status);
        }
    }

    @Override
    public void close() {
        run("cublasDestroy_v2", handle);
        memory.free(workspace);
        arena.close();
    }
}
