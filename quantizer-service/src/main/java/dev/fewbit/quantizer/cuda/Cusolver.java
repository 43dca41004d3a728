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
import java.lang.invoke.MethodHandle;

/**
 * cuSOLVER's dense Cholesky routines in fp64, on one stream. It reads columns where we hold rows, as LAPACK does.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cusolver/">cuSOLVER</a>
 */
// Calling a native library is what this class is for.
@SuppressWarnings("restricted")
final class Cusolver implements AutoCloseable {
    private static final int LOWER = 0;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment handle;

    Cusolver(SymbolLookup library, MemorySegment stream) {
        this.library = library;
        MemorySegment created = arena.allocate(ADDRESS);
        MethodHandle create = function("cusolverDnCreate", ADDRESS);
        run("cusolverDnCreate", () -> (int) create.invokeExact(created));
        handle = created.get(ADDRESS, 0);
        MethodHandle setStream = function("cusolverDnSetStream", ADDRESS, ADDRESS);
        run("cusolverDnSetStream", () -> (int) setStream.invokeExact(handle, stream));
    }

    private MethodHandle function(String name, MemoryLayout... arguments) {
        MemorySegment address = library.find(name)
                .orElseThrow(() -> new CudaException("device cuda: cuSOLVER has no " + name + ": it is older than 12"));
        return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static void run(String function, NativeCall call) {
        int status = NativeCall.status(function, call);
        if (status != 0) {
            throw new CudaException("device cuda: " + function + ": cuSOLVER status " + status);
        }
    }

    /** A routine over a square matrix that is worked on in place: name of it and of what tells its workspace. */
    enum InPlace {
        /** {@code A = L L'}. */
        FACTOR("cusolverDnDpotrf", "cusolverDnDpotrf_bufferSize"),
        /** From the factor {@code L} to the inverse of {@code L L'}. */
        INVERT("cusolverDnDpotri", "cusolverDnDpotri_bufferSize");

        private final String routine;
        private final String size;

        InPlace(String routine, String size) {
            this.routine = routine;
            this.size = size;
        }
    }

    /**
     * Runs a routine over the lower triangle, as cuSOLVER reads it.
     *
     * @param matrix address of {@code n * n} doubles
     * @return whether it came to its end: a matrix that is not positive definite has no factor
     */
    boolean run(InPlace routine, int n, long matrix, DeviceArena scratch) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment doubles = local.allocate(JAVA_INT);
            MethodHandle size = function(routine.size, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
            run(routine.size, () -> (int) size.invokeExact(handle, LOWER, n, matrix, n, doubles));
            int count = doubles.get(JAVA_INT, 0);
            long workspace = scratch.bytes((long) count * Double.BYTES);
            long status = scratch.bytes(Integer.BYTES);
            MethodHandle call = function(
                    routine.routine, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG);
            run(routine.routine, () -> (int) call.invokeExact(handle, LOWER, n, matrix, n, workspace, count, status));
            MemorySegment found = local.allocate(JAVA_INT);
            scratch.device().download(status, found);
            return found.get(JAVA_INT, 0) == 0;
        }
    }

    /**
     * Solves {@code L L' x = b} for {@code count} right sides, one behind the other, in place.
     *
     * @param factor address of {@code L}, {@code n * n} doubles
     * @param right address of {@code count * n} doubles
     */
    void solve(int n, int count, long factor, long right, DeviceArena scratch) {
        long status = scratch.bytes(Integer.BYTES);
        MethodHandle call = function(
                "cusolverDnDpotrs",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG,
                JAVA_INT,
                JAVA_LONG,
                JAVA_INT,
                JAVA_LONG);
        run("cusolverDnDpotrs", () -> (int) call.invokeExact(handle, LOWER, n, count, factor, n, right, n, status));
    }

    @Override
    public void close() {
        MethodHandle destroy = function("cusolverDnDestroy", ADDRESS);
        run("cusolverDnDestroy", () -> (int) destroy.invokeExact(handle));
        arena.close();
    }
}
