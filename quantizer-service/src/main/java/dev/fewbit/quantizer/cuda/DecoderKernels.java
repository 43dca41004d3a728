package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.decoder.Activation;
import dev.fewbit.model.decoder.NormSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a decoder layer does between its matrix products, on a device ({@code decoder.cu}). */
public final class DecoderKernels {
    private static final int TILE = 32;
    private static final long NONE = 0;

    private final CudaDevice device;
    private final Kernel rmsNorm;
    private final Kernel layerNorm;
    private final Kernel rotate;
    private final Kernel causalSoftmax;
    private final Kernel silu;
    private final Kernel geluTanh;
    private final Kernel softCap;
    private final Kernel addToRows;
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
        layerNorm = kernels.kernel("layer_norm");
        rotate = kernels.kernel("rotate");
        causalSoftmax = kernels.kernel("causal_softmax");
        silu = kernels.kernel("silu");
        geluTanh = kernels.kernel("gelu_tanh");
        softCap = kernels.kernel("soft_cap");
        addToRows = kernels.kernel("add_to_rows");
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
     * Norms every {@code norm.width()} values of every row.
     *
     * @param gain {@code [1, width]}, what normed values are multiplied by: offsets are in it
     * @param bias {@code [1, width]}, or {@code null}
     * @param output of the shape of {@code x}; may be {@code x}
     */
    public void norm(NormSpec norm, DeviceMatrix x, DeviceMatrix gain, DeviceMatrix bias, DeviceMatrix output) {
        DeviceMatrix parts = x.reshaped(norm.width());
        Kernel kernel = switch (norm.kind()) {
            case RMS -> rmsNorm;
            case LAYER -> layerNorm;
        };
        kernel.launch(Grid.rows(parts.rows()), parts, gain, output, norm.width(), norm.epsilon());
        if (bias != null) {
            addToRows(output.reshaped(norm.width()), bias);
        }
    }

    /** {@code x_t += bias}, by row; {@code bias [1, columns]}. */
    public void addToRows(DeviceMatrix x, DeviceMatrix bias) {
        addToRows.launch(Grid.elements(x.elements()), x, bias, x.columns(), x.elements());
    }

    /**
     * Turns every head by its position, in place; the token in row {@code t} is at position {@code t % length}.
     *
     * @param heads {@code [tokens, count * dim]}
     * @param direction 1, or -1 to turn back
     */
    public void rotate(DeviceMatrix heads, Rotary rotary, int count, float direction) {
        int half = rotary.half();
        if (half > 0) {
            rotate.launch(
                    Grid.elements((long) heads.rows() * count * half),
                    heads,
                    rotary.cos(),
                    rotary.sin(),
                    heads.rows(),
                    rotary.length(),
                    count,
                    rotary.dim(),
                    half,
                    direction);
        }
    }

    /**
     * Softmax over the last {@code window} positions of each row up to its own; what lies before and behind becomes 0.
     *
     * @param scores {@code rows / count} times {@code [count, seen]} without gaps
     * @param from position of the first of each {@code count} rows
     * @param window at least 1; {@code Integer.MAX_VALUE} for all positions
     */
    public void causalSoftmax(DeviceMatrix scores, int rows, int from, int count, int seen, int window) {
        causalSoftmax.launch(Grid.rows(rows), scores, from, count, seen, window);
    }

    /** {@code values = cap tanh(values / cap)}. */
    public void cap(DeviceMatrix values, double cap) {
        softCap.launch(Grid.elements(values.elements()), values, (float) cap, values.elements());
    }

    /**
     * {@code output = activation(x) * factors}; {@code output} may be one of them.
     *
     * @param factors {@code null}: 1
     */
    public void activate(Activation activation, DeviceMatrix x, DeviceMatrix factors, DeviceMatrix output) {
        Kernel kernel = switch (activation) {
            case SILU -> silu;
            case GELU_TANH -> geluTanh;
            case GELU -> throw new IllegalArgumentException(activation + " is not built");
        };
        Object multiplied = factors == null ? NONE : factors;
        kernel.launch(Grid.elements(x.elements()), x, multiplied, output, x.elements());
    }

    /** {@code output_t = factor_t in_t}, by row; {@code factors [1, rows]}. */
    public void scaleRows(DeviceMatrix in, DeviceMatrix factors, DeviceMatrix output) {
        scaleRows.launch(Grid.elements(in.elements()), in, factors, output, in.columns(), in.elements());
    }

    /** {@code sum += factor * other}. */
    public void add(DeviceMatrix sum, DeviceMatrix other, float factor) {
        add.launch(Grid.elements(sum.elements()), sum, other, factor, sum.elements());
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
