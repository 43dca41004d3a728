package dev.fewbit.quantizer.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a decoder layer does between its matrix products, on a device ({@code decoder.cu}). */
public final class DecoderKernels {
    private static final int TILE = 32;

    private final CudaDevice device;
    private final Kernel rmsNorm;
    private final Kernel rotate;
    private final Kernel causalSoftmax;
    private final Kernel siluTimes;
    private final Kernel scaleRows;
    private final Kernel add;
    private final Kernel subtract;
    private final Kernel findNotFinite;
    private final Kernel gatherRows;
    private final Kernel mirror;
    private final Kernel widenHalf;
    private final Kernel widenBrain;
    private final Kernel addMagnitudes;

    public DecoderKernels(CudaDevice device) {
        this.device = device;
        Kernels kernels = device.kernels("decoder.cu");
        rmsNorm = kernels.kernel("rms_norm");
        rotate = kernels.kernel("rotate");
        causalSoftmax = kernels.kernel("causal_softmax");
        siluTimes = kernels.kernel("silu_times");
        scaleRows = kernels.kernel("scale_rows");
        add = kernels.kernel("add");
        subtract = kernels.kernel("subtract");
        findNotFinite = kernels.kernel("find_not_finite");
        gatherRows = kernels.kernel("gather_rows");
        mirror = kernels.kernel("mirror");
        widenHalf = kernels.kernel("widen_f16");
        widenBrain = kernels.kernel("widen_bf16");
        addMagnitudes = kernels.kernel("add_magnitudes");
    }

    /** {@code output = x gain / sqrt(mean(x^2) + epsilon)}, by row; {@code gain [1, columns]}. */
    public void rmsNorm(DeviceMatrix x, DeviceMatrix gain, double epsilon, DeviceMatrix output) {
        rmsNorm.launch(Grid.rows(x.rows()), x, gain, output, x.columns(), epsilon);
    }

    /**
     * Turns every head by its position, in place; the token in row {@code t} is at position {@code t % length}.
     *
     * @param heads {@code [tokens, count * dim]}
     * @param cosine {@code [positions, dim / 2]}, for at least {@code length} positions
     * @param sine the same
     * @param direction 1, or -1 to turn back
     */
    public void rotate(
            DeviceMatrix heads, DeviceMatrix cosine, DeviceMatrix sine, int length, int count, float direction) {
        int dim = heads.columns() / count;
        rotate.launch(
                Grid.elements(heads.elements() / 2), heads, cosine, sine, heads.rows(), length, count, dim, direction);
    }

    /**
     * Softmax over each row up to its own position; what lies behind it becomes 0.
     *
     * @param scores {@code rows / count} times {@code [count, seen]} without gaps
     * @param from position of the first of each {@code count} rows
     */
    public void causalSoftmax(DeviceMatrix scores, int rows, int from, int count, int seen) {
        causalSoftmax.launch(Grid.rows(rows), scores, from, count, seen);
    }

    /** {@code output = gate / (1 + e^-gate) * up}; {@code output} may be one of them. */
    public void siluTimes(DeviceMatrix gate, DeviceMatrix up, DeviceMatrix output) {
        siluTimes.launch(Grid.elements(gate.elements()), gate, up, output, gate.elements());
    }

    /** {@code output_t = factor_t in_t}, by row; {@code factors [1, rows]}. */
    public void scaleRows(DeviceMatrix in, DeviceMatrix factors, DeviceMatrix output) {
        scaleRows.launch(Grid.elements(in.elements()), in, factors, output, in.columns(), in.elements());
    }

    /** {@code sum += other}. */
    public void add(DeviceMatrix sum, DeviceMatrix other) {
        add.launch(Grid.elements(sum.elements()), sum, other, sum.elements());
    }

    /** {@code difference = a - b}; {@code difference} may be one of them. */
    public void subtract(DeviceMatrix a, DeviceMatrix b, DeviceMatrix difference) {
        subtract.launch(Grid.elements(a.elements()), a, b, difference, a.elements());
    }

    /** {@code output_i = table_(ids_i)}, by row. */
    public void gatherRows(DeviceArena arena, DeviceMatrix table, int[] ids, DeviceMatrix output) {
        long numbers = arena.bytes((long) ids.length * Integer.BYTES);
        device.upload(MemorySegment.ofArray(ids), numbers);
        gatherRows.launch(Grid.elements(output.elements()), table, numbers, output, table.columns(), output.elements());
    }

    /** Elements above the diagonal of {@code [n, n]} become those below it. */
    public void mirror(DeviceMatrix matrix) {
        int tiles = Math.ceilDiv(matrix.rows(), TILE);
        mirror.launch(new Grid(tiles, tiles, Grid.THREADS, 0), matrix, matrix.rows());
    }

    /** fp16 at an address as fp32. */
    public void widenHalf(long halves, DeviceMatrix output) {
        widenHalf.launch(Grid.elements(output.elements()), halves, output, output.elements());
    }

    /** bf16 at an address as fp32. */
    public void widenBrain(long halves, DeviceMatrix output) {
        widenBrain.launch(Grid.elements(output.elements()), halves, output, output.elements());
    }

    /**
     * {@code sums += sum over rows of |x|}, by column.
     *
     * @param sums address of as many doubles as {@code x} has columns
     */
    public void addMagnitudes(DeviceMatrix x, long sums) {
        addMagnitudes.launch(Grid.elements(x.columns()), x, x.rows(), x.columns(), sums);
    }

    /** Whether all elements are finite; waits for the answer. */
    public boolean isFinite(DeviceMatrix values) {
        try (DeviceArena scratch = device.newArena();
                Arena arena = Arena.ofConfined()) {
            DeviceMatrix flag = scratch.zeros(1, 1);
            findNotFinite.launch(Grid.elements(values.elements()), values, values.elements(), flag);
            MemorySegment found = arena.allocate(ValueLayout.JAVA_INT);
            device.download(flag.address(), found);
            return found.get(ValueLayout.JAVA_INT, 0) == 0;
        }
    }
}
