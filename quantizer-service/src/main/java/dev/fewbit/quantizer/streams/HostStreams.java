package dev.fewbit.quantizer.streams;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Streams in the machine's memory or in mapped files behind it, a window a thread. Beside them what a linear that adds to them reads is held,
 * {@code [tokens, k]}; of what others read, 16 windows at a time.
 */
final class HostStreams implements CalibrationStreams {
    private final ModelConfig config;
    private final DecoderLayer decoder;
    private final int windows;
    private final int length;
    private final Arena arena = Arena.ofShared();
    private final Matrix quantized;
    private final Matrix original;
    private LayerWeights full;
    private LayerWeights now;
    /** Room for what is read between {@link #sums} and {@link #advance}, {@code [tokens, largest k]}. */
    private final Matrix kept;

    /** What is read, {@code [tokens, k]}; {@code null} where nothing is added. */
    private Matrix read;

    HostStreams(
            ModelConfig config,
            int windows,
            int length,
            WindowEmbedding quantized,
            WindowEmbedding original,
            StreamSpace space) {
        this.config = config;
        this.windows = windows;
        this.length = length;
        decoder = new DecoderLayer(config, length);
        boolean opened = false;
        try {
            this.quantized = embedded(space, quantized);
            this.original = original == null ? null : embedded(space, original);
            kept = space.allocate(arena, windows * length, LayerInputs.widestAdded(config));
            opened = true;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    @Override
    public void layer(LayerWeights fullWeights, LayerWeights nowWeights) {
        full = fullWeights;
        now = nowWeights;
    }

    @Override
    public InputSums sums(Arena results, LayerInputs inputs, SumsWanted wanted) {
        float[] tokenWeights = wanted.tokenWeights();
        int k = inputs.width(config);
        read = inputs.adds() ? kept.reshaped(windows * length, k) : null;
        double[][] magnitudes = new double[wanted.magnitudes() ? windows : 0][];
        Matrix products = Matrix.allocate(results, k, k);
        Matrix deviation = original == null ? null : Matrix.allocate(results, k, k);
        Matrix gaps =
                wanted.residual() && inputs.repairs(config) ? Matrix.allocate(results, quantized.columns(), k) : null;
        for (int from = 0; from < windows; from += HostEngine.GROUP) {
            int count = Math.min(HostEngine.GROUP, windows - from);
            try (Arena group = Arena.ofShared()) {
                Matrix apart = original == null ? null : Matrix.allocate(group, count * length, k);
                Matrix gap = gaps == null ? null : Matrix.allocate(group, count * length, quantized.columns());
                Matrix rows = read == null
                        ? Matrix.allocate(group, count * length, k)
                        : read.rows(from * length, count * length);
                int start = from;
                IntStream.range(0, count).parallel().forEach(i -> {
                    Matrix input = window(rows, i);
                    inputs.compute(decoder, now, window(quantized, start + i), input);
                    if (original != null) {
                        compare(inputs, start + i, input, window(apart, i), gap == null ? null : window(gap, i));
                    }
                    if (magnitudes.length > 0) {
                        magnitudes[start + i] = magnitudeSums(input);
                    }
                });
                Matrix weighted = tokenWeights == null ? rows : weighted(group, rows, tokenWeights, from * length);
                if (tokenWeights == null) {
                    Products.addSquare(rows, products);
                } else {
                    Products.addTransposedTimes(rows, weighted, products);
                }
                if (deviation != null) {
                    Products.addTransposedTimes(apart, weighted, deviation);
                }
                if (gaps != null) {
                    Products.addTransposedTimes(gap, weighted, gaps);
                }
            }
        }
        if (tokenWeights == null) {
            Products.mirror(products);
        }
        return new InputSums(products, deviation, gaps, wanted.magnitudes() ? means(magnitudes, k) : null);
    }

    /** Mean of {@code |x|} of each column of what is read. */
    private float[] means(double[][] sums, int k) {
        float[] means = new float[k];
        for (int column = 0; column < k; column++) {
            double sum = 0;
            // In the windows' order: the number of threads does not show.
            for (double[] window : sums) {
                sum += window[column];
            }
            means[column] = (float) (sum / (windows * length));
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

    /** What the original layers give here, less what the quantized ones do. The original stream moves on. */
    private void compare(LayerInputs inputs, int window, Matrix input, Matrix apart, Matrix gap) {
        Matrix stream = window(original, window);
        inputs.compute(decoder, full, stream, apart);
        if (gap != null) {
            gap.data().copyFrom(stream.data());
            gap.subtract(window(quantized, window));
            // What the linear's output is multiplied by, it repairs that much less of.
            divide(gap, full.residualMultiplier());
        }
        if (inputs.adds()) {
            decoder.add(full, inputs.linears().getFirst(), apart, stream);
        }
        apart.subtract(input);
    }

    private static void divide(Matrix gap, float divisor) {
        if (divisor == 1) {
            return;
        }
        for (int token = 0; token < gap.rows(); token++) {
            float[] row = gap.row(token);
            for (int i = 0; i < row.length; i++) {
                row[i] /= divisor;
            }
            gap.setRow(token, row);
        }
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

    @Override
    public Factorizer factorizer() {
        return Factorizer.onHost();
    }

    @Override
    public Optional<WeightRounding> rounding(int k) {
        return Optional.empty();
    }

    @Override
    public void replace(LayerLinear linear, Matrix restored) {
        now.replace(linear, restored);
    }

    @Override
    public void advance(LayerInputs inputs) {
        if (inputs.adds()) {
            LayerLinear linear = inputs.linears().getFirst();
            IntStream.range(0, windows)
                    .parallel()
                    .forEach(i -> decoder.add(now, linear, window(read, i), window(quantized, i)));
        }
        read = null;
    }

    @Override
    public void pass(LayerInputs inputs) {
        read = null;
        if (!inputs.adds()) {
            return;
        }
        pass(inputs, now, quantized);
        if (original != null) {
            pass(inputs, full, original);
        }
    }

    private void pass(LayerInputs inputs, LayerWeights weights, Matrix stream) {
        LayerLinear linear = inputs.linears().getFirst();
        IntStream.range(0, windows).parallel().forEach(i -> {
            try (Arena scratch = Arena.ofConfined()) {
                Matrix output = Matrix.allocate(scratch, length, inputs.width(config));
                inputs.compute(decoder, weights, window(stream, i), output);
                decoder.add(weights, linear, output, window(stream, i));
            }
        });
    }

    @Override
    public long bytes() {
        return save().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    @Override
    public List<MemorySegment> save() {
        List<MemorySegment> streams = new ArrayList<>(List.of(quantized.data()));
        if (original != null) {
            streams.add(original.data());
        }
        return streams;
    }

    @Override
    public void restore(MemorySegment saved) {
        long at = 0;
        for (MemorySegment stream : save()) {
            stream.copyFrom(saved.asSlice(at, stream.byteSize()));
            at += stream.byteSize();
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private Matrix embedded(StreamSpace space, WindowEmbedding embedding) {
        Matrix stream = space.allocate(arena, windows * length, config.hiddenSize());
        IntStream.range(0, windows).parallel().forEach(i -> embedding.embed(i, window(stream, i)));
        return stream;
    }

    private Matrix window(Matrix all, int window) {
        return all.rows(window * length, length);
    }
}
