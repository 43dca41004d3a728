package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.training.Sensitivity;
import java.lang.System.Logger;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Goes through the decoder layer by layer with all calibration windows, once with the original weights where they are needed and once with
 * those already quantized, and quantizes each linear on the inputs that it finds. In memory are the residual streams {@code [tokens,
 * hidden]}, one layer's weights, and the inputs of one linear.
 */
final class LayerWalk implements DecoderWalk {
    /** Windows whose inputs are summed at a time. Fixed: the order of a sum shows in its last bits. */
    private static final int GROUP = 16;

    private static final Logger LOG = System.getLogger(LayerWalk.class.getName());

    private final Checkpoint checkpoint;
    private final CalibratedRounding rounding;
    private final DecoderLayer decoder;
    private final Arena arena = Arena.ofShared();
    private final int windows;
    private final int length;
    private final Matrix original;
    private final Matrix quantized;
    /** {@code null} where all tokens and outputs count the same. */
    private final Sensitivity sensitivity;

    private int layer;

    LayerWalk(Checkpoint checkpoint, TokenWindows tokens, CalibratedRounding rounding) {
        this.checkpoint = checkpoint;
        this.rounding = rounding;
        windows = tokens.sequences();
        length = tokens.length();
        decoder = new DecoderLayer(checkpoint.config(), length);
        quantized = DecoderForward.embed(
                arena,
                checkpoint,
                IntStream.range(0, windows)
                        .flatMap(i -> IntStream.of(tokens.ids()[i]))
                        .toArray());
        original = rounding.needsTarget() ? quantized.copy(arena) : null;
        sensitivity = rounding.needsWeights() ? sensitivity(checkpoint, tokens) : null;
    }

    private static Sensitivity sensitivity(Checkpoint checkpoint, TokenWindows tokens) {
        Optional<Sensitivity> sensitivity = Sensitivity.of(checkpoint, tokens);
        if (sensitivity.isEmpty()) {
            LOG.log(
                    Logger.Level.WARNING,
                    "{0}: too large for steps.weights; all tokens and outputs count the same",
                    checkpoint.directory());
        }
        return sensitivity.orElse(null);
    }

    @Override
    public LayerResult next() {
        Map<LayerLinear, QuantizedLinear> results = new EnumMap<>(LayerLinear.class);
        try (Arena scratch = Arena.ofShared()) {
            LayerWeights full = LayerWeights.of(scratch, checkpoint, layer);
            FiniteWeights.require(full, layer);
            Step step = new Step(scratch, full, full.fork(), results);
            for (LayerInputs inputs : LayerInputs.values()) {
                step.run(inputs);
            }
        }
        layer++;
        return new LayerResult(results, Map.of());
    }

    @Override
    public void close() {
        if (sensitivity != null) {
            sensitivity.close();
        }
        arena.close();
    }

    private Matrix window(Matrix stream, int window) {
        return stream.rows(window * length, length);
    }

    /** Linears that share their inputs: sums over the inputs, quantizes, and where they add to the residual stream, adds. */
    private final class Step {
        private final Arena scratch;
        private final LayerWeights full;
        private final LayerWeights now;
        private final Map<LayerLinear, QuantizedLinear> results;

        Step(Arena scratch, LayerWeights full, LayerWeights now, Map<LayerLinear, QuantizedLinear> results) {
            this.scratch = scratch;
            this.full = full;
            this.now = now;
            this.results = results;
        }

        void run(LayerInputs inputs) {
            List<LayerLinear> linears = inputs.linears();
            LayerLinear first = linears.getFirst();
            try (Arena step = Arena.ofShared()) {
                Matrix read = Matrix.allocate(step, windows * length, inputs.width(checkpoint.config()));
                float[] weights = sensitivity == null ? null : sensitivity.tokenWeights(layer, linears);
                LinearInputs sums = sum(step, read, inputs, weights);
                for (LayerLinear linear : linears) {
                    CalibratedRounding.Rounded rounded = rounding.round(
                            scratch,
                            linear.weight(layer),
                            full.linear(linear),
                            sums,
                            sensitivity == null ? null : sensitivity.metric(layer, linear));
                    now.replace(linear, rounded.restored());
                    results.put(linear, rounded.linear());
                }
                if (inputs.adds()) {
                    IntStream.range(0, windows)
                            .parallel()
                            .forEach(i -> Products.linear(window(read, i), now.linear(first), window(quantized, i), 1));
                }
            }
        }

        private LinearInputs sum(Arena step, Matrix read, LayerInputs inputs, float[] weights) {
            LayerLinear linear = inputs.linears().getFirst();
            boolean adds = inputs.adds();
            int k = read.columns();
            Matrix products = Matrix.allocate(step, k, k);
            Matrix deviation = original == null ? null : Matrix.allocate(step, k, k);
            Matrix residual = adds && rounding.repairsResidual() ? Matrix.allocate(step, quantized.columns(), k) : null;
            for (int from = 0; from < windows; from += GROUP) {
                int count = Math.min(GROUP, windows - from);
                try (Arena group = Arena.ofShared()) {
                    Matrix apart = original == null ? null : Matrix.allocate(group, count * length, k);
                    Matrix gap = residual == null ? null : Matrix.allocate(group, count * length, quantized.columns());
                    int start = from;
                    IntStream.range(0, count).parallel().forEach(i -> {
                        inputs.compute(decoder, now, window(quantized, start + i), window(read, start + i));
                        if (original != null) {
                            compare(inputs, start + i, i, read, apart, gap, adds ? full.linear(linear) : null);
                        }
                    });
                    Matrix rows = read.rows(from * length, count * length);
                    Matrix weighted = weights == null ? rows : weighted(group, rows, weights, from * length);
                    Products.addTransposedTimes(rows, weighted, products);
                    if (deviation != null) {
                        Products.addTransposedTimes(apart, weighted, deviation);
                    }
                    if (residual != null) {
                        Products.addTransposedTimes(gap, weighted, residual);
                    }
                }
            }
            return LinearInputs.of(step, linear.weight(layer), products, deviation, residual, weights != null);
        }

        private static Matrix weighted(Arena group, Matrix rows, float[] weights, int firstToken) {
            Matrix weighted = Matrix.allocate(group, rows.rows(), rows.columns());
            IntStream.range(0, rows.rows()).parallel().forEach(token -> {
                float[] row = rows.row(token);
                for (int i = 0; i < row.length; i++) {
                    row[i] *= weights[firstToken + token];
                }
                weighted.setRow(token, row);
            });
            return weighted;
        }

        /** What the original layers give here, less what the quantized ones do. The original residual stream moves on. */
        private void compare(
                LayerInputs inputs, int window, int inGroup, Matrix read, Matrix apart, Matrix gap, Matrix output) {
            Matrix stream = window(original, window);
            Matrix apartHere = window(apart, inGroup);
            inputs.compute(decoder, full, stream, apartHere);
            if (gap != null) {
                Matrix gapHere = window(gap, inGroup);
                gapHere.data().copyFrom(stream.data());
                gapHere.subtract(window(quantized, window));
            }
            if (output != null) {
                Products.linear(apartHere, output, stream, 1);
            }
            apartHere.subtract(window(read, window));
        }
    }
}
