package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
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
 * <p>Weights are {@code [layers, linears, tokens]} floats, metrics {@code [n, n]} a linear.
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

    private final Arena arena = Arena.ofShared();
    private final ModelConfig config;
    private final TokenWindows windows;
    private final int length;
    private final List<Map<LayerLinear, float[]>> norms = new ArrayList<>();
    private final List<Map<LayerLinear, Matrix>> metrics = new ArrayList<>();

    private Sensitivity(ModelConfig config, TokenWindows windows) {
        this.config = config;
        this.windows = windows;
        length = windows.length();
        for (int layer = 0; layer < config.layers(); layer++) {
            Map<LayerLinear, float[]> layerNorms = new EnumMap<>(LayerLinear.class);
            Map<LayerLinear, Matrix> layerMetrics = new EnumMap<>(LayerLinear.class);
            for (LayerLinear linear : LayerLinear.values()) {
                layerNorms.put(linear, new float[windows.sequences() * length]);
                int n = outputs(config, linear);
                layerMetrics.put(linear, Matrix.allocate(arena, n, n));
            }
            norms.add(layerNorms);
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
        ModelConfig config = checkpoint.config();
        if (bytes(config, windows.length()) > MOST_BYTES) {
            return Optional.empty();
        }
        Sensitivity sensitivity = new Sensitivity(config, windows);
        engine.pass(checkpoint, windows, sensitivity);
        return Optional.of(sensitivity);
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
            float[] norm = norms.get(layer).get(linear);
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
        norms.get(layer).put(linear, lengths);
        metrics.get(layer).get(linear).data().copyFrom(metric.data());
    }

    @Override
    public void close() {
        arena.close();
    }

    private static long bytes(ModelConfig config, int length) {
        long squares = 0;
        for (LayerLinear linear : LayerLinear.values()) {
            long n = outputs(config, linear);
            squares += n * n;
        }
        return config.layers() * (LayerTape.width(config) * GROUP * length + squares) * Float.BYTES;
    }

    private static int outputs(ModelConfig config, LayerLinear linear) {
        return switch (linear) {
            case QUERY -> config.heads() * config.headDim();
            case KEY, VALUE -> config.kvHeads() * config.headDim();
            case ATTENTION_OUTPUT, DOWN -> config.hiddenSize();
            case GATE, UP -> config.intermediateSize();
        };
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

    private void take(int layer, OutputGradients gradients, int firstWindow) {
        int firstToken = firstWindow * length;
        for (LayerLinear linear : LayerLinear.values()) {
            Matrix g = gradients.of(linear);
            float[] norm = norms.get(layer).get(linear);
            try (Arena scratch = Arena.ofShared()) {
                Matrix unit = Matrix.allocate(scratch, g.rows(), g.columns());
                IntStream.range(0, g.rows()).parallel().forEach(token -> {
                    float[] row = g.row(token);
                    double squares = 0;
                    for (float value : row) {
                        squares += (double) value * value;
                    }
                    float length = (float) Math.sqrt(squares);
                    norm[firstToken + token] = length;
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
