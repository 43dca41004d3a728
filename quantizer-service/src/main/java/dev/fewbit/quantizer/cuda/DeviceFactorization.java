package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.cuda.Cusolver.InPlace;
import dev.fewbit.quantizer.matrix.FactoredMatrix;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.Optional;

/** Cholesky factors in fp64 on a device (cuSOLVER), matrices coming from and going to the host. */
final class DeviceFactorization implements FactoredMatrix {
    /** Smaller matrices are factored on the processor: the way there and back takes longer. Fixed: it shows in the last bits. */
    static final int LEAST_SIZE = 1024;

    private final CudaDevice device;
    private final Kernels kernels;
    private final Arena results;
    private final int n;
    private final long factor;

    private DeviceFactorization(CudaDevice device, Kernels kernels, Arena results, int n, long factor) {
        this.device = device;
        this.kernels = kernels;
        this.results = results;
        this.n = n;
        this.factor = factor;
    }

    /** Factors large matrices on the device and small ones on the processor; the factors are held by {@code memory}. */
    static Factorizer factorizer(DeviceArena memory) {
        return (arena, matrix, damping) -> matrix.rows() < LEAST_SIZE
                ? Factorizer.onHost().factor(arena, matrix, damping)
                : factor(memory, arena, matrix, damping);
    }

    private static Optional<FactoredMatrix> factor(DeviceArena memory, Arena results, Matrix matrix, double damping) {
        CudaDevice device = memory.device();
        Kernels kernels = device.kernels("factorization.cu");
        int n = matrix.rows();
        long factor = memory.bytes((long) n * n * Double.BYTES);
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix floats = device.upload(scratch, matrix);
            kernels.kernel("widen_damped").launch(Grid.elements(floats.elements()), floats, factor, n, damping);
            return device.solver().run(InPlace.FACTOR, n, factor, scratch)
                    ? Optional.of(new DeviceFactorization(device, kernels, results, n, factor))
                    : Optional.empty();
        }
    }

    @Override
    public Optional<Matrix> inverseUpper() {
        long elements = (long) n * n;
        try (DeviceArena scratch = device.newArena()) {
            long inverse = scratch.bytes(elements * Double.BYTES);
            device.driver().copyOnDevice(inverse, factor, elements * Double.BYTES, device.stream());
            Cusolver solver = device.solver();
            if (!solver.run(InPlace.INVERT, n, inverse, scratch) || !solver.run(InPlace.FACTOR, n, inverse, scratch)) {
                return Optional.empty();
            }
            DeviceMatrix upper = scratch.matrix(n, n);
            kernels.kernel("narrow_upper").launch(Grid.elements(elements), inverse, upper, n);
            Matrix result = Matrix.allocate(results, n, n);
            upper.download(result);
            return Optional.of(result);
        }
    }

    @Override
    public void solveRows(Matrix rows) {
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix floats = device.upload(scratch, rows);
            long right = scratch.bytes(floats.elements() * Double.BYTES);
            Grid grid = Grid.elements(floats.elements());
            kernels.kernel("widen").launch(grid, floats, right, floats.elements());
            device.solver().solve(n, rows.rows(), factor, right, scratch);
            kernels.kernel("narrow").launch(grid, right, floats, floats.elements());
            floats.download(rows);
        }
    }

    @Override
    public void times(Matrix a, Matrix b, Matrix output) {
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix result = scratch.matrix(output.rows(), output.columns());
            device.products().times(device.upload(scratch, a), device.upload(scratch, b), result);
            result.download(output);
        }
    }
}
