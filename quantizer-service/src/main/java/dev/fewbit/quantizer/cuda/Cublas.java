package dev.fewbit.quantizer.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * cuBLAS on one stream, with a workspace of fixed size and without reduced precision: a product of the same shape gives the same bits on
 * the same kind of device. Matrices are row-major here; cuBLAS reads columns, which is the transposed, so operands change places.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cublas/#results-reproducibility">cuBLAS on reproducibility</a>
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class Cublas implements AutoCloseable {
    private static final long WORKSPACE_BYTES = 32L << 20;
    /** CUBLAS_PEDANTIC_MATH: fp32 stays fp32, whatever the environment says of TF32. */
    private static final int PEDANTIC = 2;

    private static final int NOT_TRANSPOSED = 0;
    private static final int TRANSPOSED = 1;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment handle;
    private final MethodHandle sgemm;
    private final MethodHandle sgemmStridedBatched;
    private final MethodHandle destroy;
    private final MemorySegment alpha;
    private final MemorySegment beta;
    private final String version;

    Cublas(SymbolLookup library, MemorySegment stream, DeviceMemory memory) {
        this.library = library;
        alpha = arena.allocate(ValueLayout.JAVA_FLOAT);
        beta = arena.allocate(ValueLayout.JAVA_FLOAT);
        sgemm = function(
                "cublasSgemm_v2",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                JAVA_LONG,
                JAVA_INT,
                JAVA_LONG,
                JAVA_INT,
                ADDRESS,
                JAVA_LONG,
                JAVA_INT);
        sgemmStridedBatched = function(
                "cublasSgemmStridedBatched",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                JAVA_LONG,
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_INT,
                JAVA_LONG,
                ADDRESS,
                JAVA_LONG,
                JAVA_INT,
                JAVA_LONG,
                JAVA_INT);
        destroy = function("cublasDestroy_v2", ADDRESS);
        MemorySegment created = arena.allocate(ADDRESS);
        MethodHandle create = function("cublasCreate_v2", ADDRESS);
        run("cublasCreate", () -> (int) create.invokeExact(created));
        handle = created.get(ADDRESS, 0);
        MethodHandle setStream = function("cublasSetStream_v2", ADDRESS, ADDRESS);
        run("cublasSetStream", () -> (int) setStream.invokeExact(handle, stream));
        long workspace = memory.take(WORKSPACE_BYTES);
        MethodHandle setWorkspace = function("cublasSetWorkspace_v2", ADDRESS, JAVA_LONG, JAVA_LONG);
        run("cublasSetWorkspace", () -> (int) setWorkspace.invokeExact(handle, workspace, WORKSPACE_BYTES));
        MethodHandle setMathMode = function("cublasSetMathMode", ADDRESS, JAVA_INT);
        run("cublasSetMathMode", () -> (int) setMathMode.invokeExact(handle, PEDANTIC));
        version = readVersion();
    }

    private MethodHandle function(String name, MemoryLayout... arguments) {
        MemorySegment address = library.find(name)
                .orElseThrow(() -> new CudaException("device cuda: cuBLAS has no " + name + ": it is older than 12"));
        return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static void run(String function, NativeCall call) {
        int status = NativeCall.status(function, call);
        if (status != 0) {
            throw new CudaException("device cuda: " + function + ": cuBLAS status " + status + " " + describe(status));
        }
    }

    private static String describe(int status) {
        return switch (status) {
            case 1 -> "(not initialized)";
            case 3 -> "(allocation failed)";
            case 7 -> "(invalid value)";
            case 8 -> "(not supported by this GPU)";
            case 13 -> "(execution failed)";
            case 15 -> "(not supported)";
            default -> "(internal error)";
        };
    }

    private String readVersion() {
        MethodHandle get = function("cublasGetVersion_v2", ADDRESS, ADDRESS);
        MemorySegment number = arena.allocate(JAVA_INT);
        run("cublasGetVersion", () -> (int) get.invokeExact(handle, number));
        // Such as 130100 for 13.1.0.
        int value = number.get(JAVA_INT, 0);
        return value / 10_000 + "." + value / 100 % 100;
    }

    /** Release of the library, such as {@code 13.1}. */
    String version() {
        return version;
    }

    /** What a product reads or writes: the address of its first element and the elements from a row to the next. */
    record Operand(long address, int stride) {}

    /** Shape of a product: {@code [m, k]} times {@code [k, n]}, once transposed as said. */
    record Shape(int m, int n, int k, boolean transposeA, boolean transposeB) {}

    /** {@code c = scale a b + keep c}. */
    void multiply(Shape shape, float scale, Operand a, Operand b, float keep, Operand c) {
        if (shape.m() == 0 || shape.n() == 0) {
            return;
        }
        factors(scale, keep);
        run("cublasSgemm", () -> (int) sgemm.invokeExact(
                handle,
                operation(shape.transposeB()),
                operation(shape.transposeA()),
                shape.n(),
                shape.m(),
                shape.k(),
                alpha,
                b.address(),
                b.stride(),
                a.address(),
                a.stride(),
                beta,
                c.address(),
                c.stride()));
    }

    /** The same for each of {@code count}; operands step on by so many elements. */
    void multiply(
            Shape shape,
            float scale,
            Operand a,
            long stepA,
            Operand b,
            long stepB,
            float keep,
            Operand c,
            long stepC,
            int count) {
        if (shape.m() == 0 || shape.n() == 0 || count == 0) {
            return;
        }
        factors(scale, keep);
        run("cublasSgemmStridedBatched", () -> (int) sgemmStridedBatched.invokeExact(
                handle,
                operation(shape.transposeB()),
                operation(shape.transposeA()),
                shape.n(),
                shape.m(),
                shape.k(),
                alpha,
                b.address(),
                b.stride(),
                stepB,
                a.address(),
                a.stride(),
                stepA,
                beta,
                c.address(),
                c.stride(),
                stepC,
                count));
    }

    /** Read by the call itself: they may change behind it. */
    private void factors(float scale, float keep) {
        alpha.set(ValueLayout.JAVA_FLOAT, 0, scale);
        beta.set(ValueLayout.JAVA_FLOAT, 0, keep);
    }

    private static int operation(boolean transposed) {
        return transposed ? TRANSPOSED : NOT_TRANSPOSED;
    }

    @Override
    public void close() {
        run("cublasDestroy", () -> (int) destroy.invokeExact(handle));
        arena.close();
    }
}
