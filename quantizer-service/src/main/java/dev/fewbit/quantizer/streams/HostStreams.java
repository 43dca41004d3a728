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

/** Streams in the machine's memory, a window a thread. Beside them the inputs of one group of linears are held. */
final class HostStreams implements CalibrationStreams {
    /** Windows whose inputs are summed at a time. Fixed: the order of a sum shows in its last bits. */
    private static final int GROUP = 16;

    private final ModelConfig config;
    private final DecoderLayer decoder;
    private final int windows;
    private final int length;
    private final Arena arena = Arena.ofShared();
    private final Matrix quantized;
    private final Matrix original;
    private LayerWeights full;
    private LayerWeights now;
    /** What is read between {@link #sums} and {@link #advance}, {@code [tokens, k]}. */
    private Arena reading;

    private Matrix read;

    HostStreams(ModelConfig config, int windows, int length, WindowEmbedding quantized, WindowEmbedding original) {
        this.config = config;
        this.windows = windows;
        this.length = length;
        decoder = new DecoderLayer(config, length);
        this.quantized = embedded(quantized);
        this.original = original == null ? null : embedded(original);
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
        reading = Arena.ofShared();
        read = Matrix.allocate(reading, windows * length, k);
        Matrix products = Matrix.allocate(results, k, k);
        Matrix deviation = original == null ? null : Matrix.allocate(results, k, k);
        Matrix gaps = wanted.residual() && inputs.adds() ? Matrix.allocate(results, quantized.columns(), k) : null;
        for (int from = 0; from < windows; from += GROUP) {
            int count = Math.min(GROUP, windows - from);
            try (Arena group = Arena.ofShared()) {
                Matrix apart = original == null ? null : Matrix.allocate(group, count * length, k);
                Matrix gap = gaps == null ? null : Matrix.allocate(group, count * length, quantized.columns());
                int start = from;
                IntStream.range(0, count).parallel().forEach(i -> {
                    inputs.compute(decoder, now, window(quantized, start + i), window(read, start + i));
                    if (original != null) {
                        compare(inputs, start + i, window(apart, i), gap == null ? null : window(gap, i));
                    }
                });
                Matrix rows = read.rows(from * length, count * length);
                Matrix weighted = tokenWeights == null ? rows : weighted(group, rows, tokenWeights, from * length);
                Products.addTransposedTimes(rows, weighted, products);
                if (deviation != null) {
                    Products.addTransposedTimes(apart, weighted, deviation);
                }
                if (gaps != null) {
                    Products.addTransposedTimes(gap, weighted, gaps);
                }
            }
        }
        return new InputSums(products, deviation, gaps, wanted.magnitudes() ? magnitudes() : null);
    }

    /** Mean of {@code |x|} of each column of what is read. */
    private float[] magnitudes() {
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

    /** What the original layers give here, less what the quantized ones do. The original stream moves on. */
    private void compare(LayerInputs inputs, int window, Matrix apart, Matrix gap) {
        Matrix stream = window(original, window);
        inputs.compute(decoder, full, stream, apart);
        if (gap != null) {
            gap.data().copyFrom(stream.data());
            gap.subtract(window(quantized, window));
        }
        if (inputs.adds()) {
            Products.linear(apart, full.linear(inputs.linears().getFirst()), stream, 1);
        }
        apart.subtract(window(read, window));
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
            Matrix weight = now.linear(inputs.linears().getFirst());
            IntStream.range(0, windows)
                    .parallel()
                    .forEach(i -> Products.linear(window(read, i), weight, window(quantized, i), 1));
        }
        release();
    }

    @Override
    public void pass(LayerInputs inputs) {
        release();
        if (!inputs.adds()) {
            return;
        }
        pass(inputs, now, quantized);
        if (original != null) {
            pass(inputs, full, original);
        }
    }

    private void pass(LayerInputs inputs, LayerWeights weights, Matrix stream) {
        Matrix weight = weights.linear(inputs.linears().getFirst());
        IntStream.range(0, windows).parallel().forEach(i -> {
            try (Arena scratch = Arena.ofConfined()) {
                Matrix output = Matrix.allocate(scratch, length, inputs.width(config));
                inputs.compute(decoder, weights, window(stream, i), output);
                Products.linear(output, weight, window(stream, i), 1);
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
        release();
        arena.close();
    }

    private void release() {
        if (reading != null) {
            reading.close();
            reading = null;
            read = null;
        }
    }

    private Matrix embedded(WindowEmbedding embedding) {
        Matrix stream = Matrix.allocate(arena, windows * length, config.hiddenSize());
        IntStream.range(0, windows).parallel().forEach(i -> embedding.embed(i, window(stream, i)));
        return stream;
    }

    private Matrix window(Matrix all, int window) {
        return all.rows(window * length, length);
    }
}
