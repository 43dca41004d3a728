package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.decoder.Activation;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DecoderKernels;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.Grid;
import dev.fewbit.quantizer.cuda.Kernels;
import dev.fewbit.quantizer.cuda.Rotary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernels of {@code training.cu}, with their arguments in order. Shapes are those of the matrices unless a parameter says otherwise. */
final class TrainingKernels {
    private static final String RESOURCE = "training.cu";
    /** Rows of a block of the kernels that work on a row with a warp. */
    private static final int WARPS = 8;

    private final CudaDevice device;
    private final DecoderKernels decoder;
    private final Kernels kernels;

    TrainingKernels(CudaDevice device) {
        this.device = device;
        decoder = new DecoderKernels(device);
        kernels = device.kernels(RESOURCE);
    }

    CudaDevice device() {
        return device;
    }

    /** Whole numbers in device memory. */
    static long ints(DeviceArena arena, int[] values) {
        long address = arena.bytes((long) values.length * Integer.BYTES);
        uploadInts(arena.device(), values, address);
        return address;
    }

    static void uploadInts(CudaDevice device, int[] values, long address) {
        device.upload(MemorySegment.ofArray(values), address);
    }

    /** Rows of the embedding {@code table} of the tokens of some windows. */
    void embedWindows(DeviceMatrix table, long ids, long windows, DeviceMatrix x, int length) {
        launch("embed_windows", rows(x.rows()), table, ids, windows, x, length, x.columns());
    }

    /** Rows of the embedding of one token of each window. */
    void embedPosition(DeviceMatrix table, long ids, DeviceMatrix x, int position, int length) {
        launch("embed_position", rows(x.rows()), table, ids, x, position, length, x.columns());
    }

    /** The rows of some windows. */
    void gather(DeviceMatrix from, long windows, DeviceMatrix to, int length) {
        launch("gather", rows(to.rows()), from, windows, to, length, to.columns());
    }

    void norm(DeviceMatrix x, DeviceMatrix gain, DeviceMatrix y, double epsilon) {
        decoder.rmsNorm(x, gain, epsilon, y);
    }

    /** Adds the gradient of the norm's input to {@code dx}. */
    void normBack(DeviceMatrix x, DeviceMatrix gain, DeviceMatrix dy, DeviceMatrix dx, double epsilon) {
        launch("rms_norm_back", warps(x.rows()), x, gain, dy, dx, (long) x.rows(), x.columns(), epsilon);
    }

    /** {@code [window, position, head, dim]} to {@code [window, head, position, dim]}. */
    void split(DeviceMatrix joined, DeviceMatrix split, Rotary rotary, int heads, boolean turned) {
        permute("split_heads", joined, split, rotary, heads, turned);
    }

    /** The way back, and where turned, turned back. */
    void join(DeviceMatrix split, DeviceMatrix joined, Rotary rotary, int heads, boolean turned) {
        permute("join_heads", split, joined, rotary, heads, turned);
    }

    private void permute(String name, DeviceMatrix from, DeviceMatrix to, Rotary rotary, int heads, boolean turned) {
        long pairs = from.elements() / 2;
        launch(
                name,
                elements(pairs),
                from,
                rotary.cos(),
                rotary.sin(),
                to,
                pairs,
                rotary.length(),
                heads,
                rotary.dim(),
                turned ? 1 : 0);
    }

    /** Causal softmax of rows of {@code length}. */
    void softmax(DeviceMatrix scores, int length) {
        decoder.causalSoftmax(scores, scores.rows(), 0, length, length, Integer.MAX_VALUE);
    }

    void softmaxBack(DeviceMatrix weights, DeviceMatrix gradients, int length) {
        long rows = weights.elements() / length;
        launch("causal_softmax_back", warps(rows), weights, gradients, rows, length);
    }

    void swiGlu(DeviceMatrix gate, DeviceMatrix up, DeviceMatrix y) {
        decoder.activate(Activation.SILU, gate, up, y);
    }

    void swiGluBack(DeviceMatrix gate, DeviceMatrix up, DeviceMatrix dy, DeviceMatrix dgate, DeviceMatrix dup) {
        launch("swiglu_back", elements(gate.elements()), gate, up, dy, dgate, dup, gate.elements());
    }

    /** @param weight 0 for losses alone */
    void divergence(DeviceMatrix expected, DeviceMatrix found, long losses, float weight) {
        launch("divergence", rows(found.rows()), expected, found, losses, found.columns(), weight);
    }

    /** Logits become a random direction of the divergence's curvature; {@code signs [rows, ceil(vocabulary / 64)]} words. */
    void probe(DeviceMatrix logits, long signs) {
        launch("probe", rows(logits.rows()), logits, signs, logits.columns());
    }

    /** Lengths of rows, and the rows divided by them, or by {@code least}. */
    void unitRows(DeviceMatrix x, DeviceMatrix unit, long lengths, float least) {
        launch("unit_rows", rows(x.rows()), x, unit, lengths, x.columns(), least);
    }

    /** @param factor 0 for losses alone */
    void distance(DeviceMatrix found, DeviceMatrix expected, long windows, long losses, int length, float factor) {
        launch("distance", rows(found.rows()), found, expected, windows, losses, length, found.columns(), factor);
    }

    void rowSquares(DeviceMatrix x, long sums) {
        launch("row_squares", rows(x.rows()), x, sums, x.columns());
    }

    /** The sum of doubles, waited for. */
    double sum(long values, long count, long result) {
        launch("sum_up", rows(1), values, count, result);
        try (Arena host = Arena.ofConfined()) {
            MemorySegment sum = host.allocate(ValueLayout.JAVA_DOUBLE);
            device.download(result, sum);
            return sum.get(ValueLayout.JAVA_DOUBLE, 0);
        }
    }

    /** Turns heads of tokens that are all at one position. */
    void turnAt(DeviceMatrix x, Rotary rotary, int position) {
        long pairs = x.elements() / 2;
        launch("turn_at", elements(pairs), x, rotary.cos(), rotary.sin(), pairs, position, rotary.dim());
    }

    /** Puts a row a head to those kept, {@code [windows * heads, length, dim]}. */
    void keepAt(DeviceMatrix x, DeviceMatrix kept, int position, int length, int dim) {
        launch("keep_at", elements(x.elements()), x, kept, x.elements(), position, length, dim);
    }

    /** One query a head over what was kept. */
    void attendOne(
            DeviceMatrix queries,
            DeviceMatrix keys,
            DeviceMatrix values,
            DeviceMatrix scores,
            DeviceMatrix output,
            int seen,
            int group,
            int dim) {
        float scale = (float) (1 / Math.sqrt(dim));
        launch(
                "attend_one",
                rows(scores.rows()),
                queries,
                keys,
                values,
                scores,
                output,
                seen,
                scores.columns(),
                group,
                dim,
                scale);
    }

    /** A token of each row's distribution, to the position behind. */
    void draw(DeviceMatrix logits, long uniforms, long ids, int position, int length) {
        launch("draw", rows(logits.rows()), logits, uniforms, ids, logits.columns(), position, length);
    }

    /** A kernel that works on {@code count} quantization blocks, each with a warp. */
    void blocks(String name, long count, Object... arguments) {
        launch(name, warps(count), arguments);
    }

    /** A kernel that works on {@code count} elements. */
    void elements(String name, long count, Object... arguments) {
        launch(name, elements(count), arguments);
    }

    private void launch(String name, Grid grid, Object... arguments) {
        kernels.kernel(name).launch(grid, arguments);
    }

    private static Grid rows(int rows) {
        return new Grid(rows, 1, Grid.THREADS, 0);
    }

    private static Grid warps(long rows) {
        return new Grid(Math.toIntExact(Math.ceilDiv(rows, (long) WARPS)), 1, Grid.THREADS, 0);
    }

    private static Grid elements(long count) {
        return new Grid(Math.toIntExact(Math.ceilDiv(count, (long) Grid.THREADS)), 1, Grid.THREADS, 0);
    }
}
