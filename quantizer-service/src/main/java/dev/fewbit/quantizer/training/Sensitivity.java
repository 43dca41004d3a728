package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.work.WorkDirectory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How much the 16-bit model's distribution minds errors of its linears' outputs: for every linear and token, from one backward pass, the
 * gradient {@code g [n]} by the linear's output. With {@code p} a position's distribution and {@code e} random signs, what goes into the
 * logits is
 *
 * <pre>
 * v = sqrt(p) e - p sum(sqrt(p) e)     E[v v'] = diag(p) - p p'
 * </pre>
 *
 * the Hessian of the KL divergence by the logits, so that {@code E[g g']} is its Gauss-Newton form by the output. A token counts with
 * {@code |g|}, and {@code sum over tokens of g g' / |g|} is the metric of a linear's output errors: the square root of what theory says,
 * which overfits the calibration text less.
 *
 * <p>Weights are {@code [layers, linears, tokens]} floats, metrics {@code [n, n]} a linear, one behind the other: so they are kept in the work
 * directory, for whoever goes on.
 *
 * @see <a href="https://arxiv.org/abs/2505.07004">Kim et al. 2025 (GuidedQuant)</a> for tokens weighted by the loss's gradient
 * @see <a href="https://arxiv.org/abs/2505.22988">Tseng et al. 2025 (YAQA)</a> for a Kronecker-factored Hessian of the divergence
 * @see <a href="https://arxiv.org/abs/1503.05671">Martens and Grosse 2015 (K-FAC)</a>
 */
public final class Sensitivity implements AutoCloseable {
    /** Windows whose gradients are in memory at a time. Fixed: the order of a sum shows in its last bits. */
    public static final int GROUP = 4;

    /** A metric is a mean over tokens; every fourth group of windows tells enough of it. */
    private static final int METRIC_GROUPS = 4;

    private static final long MOST_BYTES = 8L << 30;
    /** What a gradient is divided by at least. */
    public static final float LEAST_NORM = 1e-30f;

    private static final long ALIGNMENT = 64;
    private static final String BLOB = "sensitivity";

    private final Arena arena;
    private final MemorySegment data;
    private final ModelConfig config;
    private final TokenWindows windows;
    private final int length;
    /** {@code |g|}, {@code [linears of all layers, tokens]}. */
    private final Matrix norms;

    private final List<Map<LayerLinear, Matrix>> metrics = new ArrayList<>();

    /** @param data norms, and behind them the metrics in the order of layers and linears; is closed with {@code arena} */
    private Sensitivity(ModelConfig config, TokenWindows windows, Arena arena, MemorySegment data) {
        this.arena = arena;
        this.data = data;
        this.config = config;
        this.windows = windows;
        length = windows.length();
        int tokens = windows.sequences() * length;
        int linears = config.layers() * LayerLinear.values().length;
        norms = new Matrix(data.asSlice(0, (long) linears * tokens * Float.BYTES), linears, tokens);
        long at = norms.data().byteSize();
        for (int layer = 0; layer < config.layers(); layer++) {
            Map<LayerLinear, Matrix> layerMetrics = new EnumMap<>(LayerLinear.class);
            for (LayerLinear linear : LayerLinear.values()) {
                int n = linear.in(config.decoder().layers().getFirst()).n();
                long bytes = (long) n * n * Float.BYTES;
                layerMetrics.put(linear, new Matrix(data.asSlice(at, bytes), n, n));
                at += bytes;
            }
            metrics.add(layerMetrics);
        }
    }

    /**
     * Runs forward and back through the 16-bit model once; empty for a model whose pass would need more than 8 GiB. The limit is fixed, not
     * the machine's memory, since it shows in the result.
     *
     * @param engine that computes it
     * @throws dev.fewbit.model.checkpoint.InvalidCheckpointException when a tensor is missing
     */
    public static Optional<Sensitivity> of(Checkpoint checkpoint, TokenWindows windows, TrainingEngine engine) {
        if (!fits(checkpoint, windows)) {
            return Optional.empty();
        }
        ModelConfig config = checkpoint.config();
        Arena arena = Arena.ofShared();
        boolean whole = false;
        try {
            long tokens = (long) windows.sequences() * windows.length();
            long floats = config.layers() * (LayerLinear.values().length * tokens + squares(config));
            Sensitivity sensitivity =
                    new Sensitivity(config, windows, arena, arena.allocate(floats * Float.BYTES, ALIGNMENT));
            engine.pass(checkpoint, windows, sensitivity);
            whole = true;
            return Optional.of(sensitivity);
        } finally {
            if (!whole) {
                arena.close();
            }
        }
    }

    /**
     * As {@link #of(Checkpoint, TokenWindows, TrainingEngine)}, kept in the work directory, where whoever goes on finds it; it is read from there, mapped.
     *
     * @param beginning is run before a pass, not where one was kept
     * @throws IOException when the work directory cannot be read or written
     */
    public static Optional<Sensitivity> of(
            Checkpoint checkpoint, TokenWindows windows, WorkDirectory work, TrainingEngine engine, Runnable beginning)
            throws IOException {
        if (!work.has(BLOB)) {
            if (fits(checkpoint, windows)) {
                beginning.run();
            }
            Optional<Sensitivity> computed = of(checkpoint, windows, engine);
            if (computed.isEmpty()) {
                return computed;
            }
            try (Sensitivity sensitivity = computed.get()) {
                work.change().put(BLOB, List.of(sensitivity.data)).commit();
            }
        }
        Arena arena = Arena.ofShared();
        boolean mapped = false;
        try {
            Optional<Sensitivity> kept =
                    work.read(arena, BLOB).map(data -> new Sensitivity(checkpoint.config(), windows, arena, data));
            mapped = true;
            return kept;
        } finally {
            if (!mapped) {
                arena.close();
            }
        }
    }

    /**
     * What each token counts for linears that read the same inputs: the mean of {@code |g|} over the linears, each scaled to a mean of 1
     * over tokens.
     *
     * @return {@code [tokens]}, windows one behind the other
     */
    public float[] tokenWeights(int layer, Collection<LayerLinear> linears) {
        float[] weights = new float[windows.sequences() * length];
        for (LayerLinear linear : linears) {
            float[] norm = norms.row(row(layer, linear));
            double mean =
                    IntStream.range(0, norm.length).mapToDouble(i -> norm[i]).sum() / norm.length;
            for (int i = 0; i < norm.length; i++) {
                // Where nothing reaches the loss, all tokens count the same.
                weights[i] += (float) ((mean == 0 ? 1 : norm[i] / mean) / linears.size());
            }
        }
        return weights;
    }

    /** The metric of a linear's output errors, {@code [n, n]}, positive semidefinite; not to be written to. */
    public Matrix metric(int layer, LayerLinear linear) {
        return metrics.get(layer).get(linear);
    }

    /** Whether the metric sums over the group of windows that begins with {@code firstWindow}. */
    public static boolean tellsOfMetric(int firstWindow) {
        return firstWindow / GROUP % METRIC_GROUPS == 0;
    }

    /**
     * Takes what a device computed of a linear.
     *
     * @param lengths {@code |g| [tokens]}
     * @param metric {@code [n, n]}
     */
    public void take(int layer, LayerLinear linear, float[] lengths, Matrix metric) {
        norms.setRow(row(layer, linear), lengths);
        metrics.get(layer).get(linear).data().copyFrom(metric.data());
    }

    @Override
    public void close() {
        arena.close();
    }

    private static boolean fits(Checkpoint checkpoint, TokenWindows windows) {
        return bytes(checkpoint.config(), windows.length()) <= MOST_BYTES;
    }

    /** Of the pass: weights, metrics, and what four windows leave for the way back. */
    static long bytes(ModelConfig config, int length) {
        long layer = LayerTape.width(config) * GROUP * length + squares(config);
        return (config.layers() * layer
                        + config.decoder().linearWeights()
                        + (long) config.vocabSize() * config.hiddenSize())
                * Float.BYTES;
    }

    private static long squares(ModelConfig config) {
        long squares = 0;
        for (LayerLinear linear : LayerLinear.values()) {
            long n = linear.in(config.decoder().layers().getFirst()).n();
            squares += n * n;
        }
        return squares;
    }

    private static int row(int layer, LayerLinear linear) {
        return layer * LayerLinear.values().length + linear.ordinal();
    }

    /** The pass on the processor. */
    void pass(Checkpoint checkpoint) {
        try (Arena scratch = Arena.ofShared()) {
            List<LayerWeights> weights = IntStream.range(0, config.layers())
                    .mapToObj(layer -> LayerWeights.of(scratch, checkpoint, layer))
                    .toList();
            DecoderHead head = DecoderHead.of(scratch, checkpoint, length);
            new LayerStack(scratch, config, length, weights, GROUP)
                    .back(
                            IntStream.range(0, windows.sequences()).toArray(),
                            new DivergenceProbe(checkpoint, windows, head),
                            (layer, tape, gradients, from) -> take(layer, gradients, from));
        }
    }

    private void take(int layer, OutputGradients<Matrix> gradients, int firstWindow) {
        int firstToken = firstWindow * length;
        for (LayerLinear linear : LayerLinear.values()) {
            Matrix g = gradients.of(linear);
            int norm = row(layer, linear);
            try (Arena scratch = Arena.ofShared()) {
                Matrix unit = Matrix.allocate(scratch, g.rows(), g.columns());
                IntStream.range(0, g.rows()).parallel().forEach(token -> {
                    float[] row = g.row(token);
                    double squares = 0;
                    for (float value : row) {
                        squares += (double) value * value;
                    }
                    float length = (float) Math.sqrt(squares);
                    norms.set(norm, firstToken + token, length);
                    for (int i = 0; i < row.length; i++) {
                        row[i] /= Math.max(length, LEAST_NORM);
                    }
                    unit.setRow(token, row);
                });
                if (tellsOfMetric(firstWindow)) {
                    Products.addTransposedTimes(g, unit, metrics.get(layer).get(linear));
                }
            }
        }
    }
}
