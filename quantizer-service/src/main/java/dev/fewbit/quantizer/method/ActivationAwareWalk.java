package dev.fewbit.quantizer.method;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * awq, layer by layer with all calibration windows, on inputs that come through what is quantized already. In memory are the residual stream
 * {@code [tokens, hidden]}, one layer's weights, and the inputs of one linear.
 */
final class ActivationAwareWalk implements DecoderWalk {
    /** Windows whose inputs are summed at a time. Fixed: the order of a sum shows in its last bits. */
    private static final int GROUP = 16;

    private final Checkpoint checkpoint;
    private final ActivationAwareLayer.Grids grids;
    private final DecoderLayer decoder;
    private final Arena arena = Arena.ofShared();
    private final int windows;
    private final int length;
    private final Matrix stream;
    private int layer;

    /** @param recipe with method {@code awq} */
    ActivationAwareWalk(Checkpoint checkpoint, TokenWindows tokens, Recipe recipe) {
        this.checkpoint = checkpoint;
        grids = weight -> {
            int bits = recipe.bitsOf(weight);
            return new BlockGrid(BlockRange.of(recipe, bits), bits, recipe.blockSize());
        };
        windows = tokens.sequences();
        length = tokens.length();
        decoder = new DecoderLayer(checkpoint.config(), length);
        stream = DecoderForward.embed(
                arena,
                checkpoint,
                Stream.of(tokens.ids()).flatMapToInt(IntStream::of).toArray());
    }

    @Override
    public LayerResult next() {
        ModelConfig config = checkpoint.config();
        try (Arena scratch = Arena.ofShared()) {
            LayerWeights original = LayerWeights.of(scratch, checkpoint, layer);
            FiniteWeights.require(original, layer);
            LayerWeights now = original.fork();
            ActivationAwareLayer rounding = new ActivationAwareLayer(config, layer, original, grids);
            for (LayerInputs inputs : LayerInputs.values()) {
                try (Arena step = Arena.ofShared()) {
                    int k = inputs.width(config);
                    Matrix read = Matrix.allocate(step, windows * length, k);
                    compute(inputs, now, read);
                    Matrix products = Matrix.allocate(step, k, k);
                    for (int from = 0; from < windows; from += GROUP) {
                        Matrix rows = read.rows(from * length, Math.min(GROUP, windows - from) * length);
                        Products.addTransposedTimes(rows, rows, products);
                    }
                    rounding.round(scratch, inputs.linears(), products, magnitudes(read))
                            .forEach(now::replace);
                    if (inputs.adds()) {
                        // Rows of the linear in front have new scales.
                        compute(inputs, now, read);
                        add(read, now.linear(inputs.linears().getFirst()));
                    }
                }
            }
            layer++;
            return new LayerResult(rounding.linears(), rounding.norms());
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private void compute(LayerInputs inputs, LayerWeights weights, Matrix read) {
        IntStream.range(0, windows)
                .parallel()
                .forEach(i -> inputs.compute(decoder, weights, window(stream, i), window(read, i)));
    }

    private void add(Matrix read, Matrix weight) {
        IntStream.range(0, windows)
                .parallel()
                .forEach(i -> Products.linear(window(read, i), weight, window(stream, i), 1));
    }

    /** Mean of {@code |x|} of each column. */
    private float[] magnitudes(Matrix read) {
        List<double[]> sums = IntStream.range(0, windows)
                .parallel()
                .mapToObj(i -> magnitudeSums(window(read, i)))
                .toList();
        float[] means = new float[read.columns()];
        for (int column = 0; column < means.length; column++) {
            double sum = 0;
            // In the windows' order: the number of threads does not show.
            for (double[] window : sums) {
                sum += window[column];
            }
            means[column] = (float) (sum / read.rows());
        }
        return means;
    }

    private static double[] magnitudeSums(Matrix window) {
        double[] sums = new double[window.columns()];
        for (int token = 0; token < window.rows(); token++) {
            float[] row = window.row(token);
            for (int i = 0; i < row.length; i++) {
                sums[i] += Math.abs(row[i]);
            }
        }
        return sums;
    }

    private Matrix window(Matrix all, int window) {
        return all.rows(window * length, length);
    }
}
