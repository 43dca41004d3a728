package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.InputSums;
import dev.fewbit.quantizer.streams.LayerInputs;
import dev.fewbit.quantizer.streams.SumsWanted;
import dev.fewbit.quantizer.streams.WeightRounding;
import dev.fewbit.quantizer.streams.WindowEmbedding;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Streams on a GPU. Windows go through a layer in groups; sums grow in device memory and come to the host once a group of linears. Where
 * streams, or what linears read, do not fit, the one stay on the host and the other is computed again: with the same result.
 */
final class CudaStreams implements CalibrationStreams {
    /** Tokens that are computed at a time, in whole windows. Fixed: the order of a sum shows in its last bits. */
    private static final int GROUP_TOKENS = 16_384;

    /** Of the memory that is free, at most so much goes to streams, and of what is then left to what linears read. */
    private static final double SHARE = 0.5;

    private final CudaDevice device;
    private final ModelConfig config;
    private final int windows;
    private final int length;
    private final int group;
    private final DeviceArena arena;
    private final DeviceDecoder decoder;
    private final StreamRows quantized;
    private final StreamRows original;
    /** Weights of the layer. */
    private DeviceArena layerMemory;

    private DeviceLayer full;
    private DeviceLayer now;
    /** What is held from {@link #sums} to {@link #advance}. */
    private DeviceArena reading;
    /** {@code [tokens, k]}; {@code null} where it does not fit. */
    private DeviceMatrix read;

    /** @param device is closed with this */
    CudaStreams(
            CudaDevice device,
            ModelConfig config,
            int windows,
            int length,
            WindowEmbedding quantized,
            WindowEmbedding original) {
        this.device = device;
        this.config = config;
        this.windows = windows;
        this.length = length;
        group = Math.max(1, GROUP_TOKENS / length);
        arena = device.newArena();
        decoder = new DeviceDecoder(arena, config, length);
        long bytes = (long) windows * length * config.hiddenSize() * Float.BYTES * (original == null ? 1 : 2);
        boolean onDevice = fits(bytes);
        this.quantized = embedded(quantized, onDevice);
        this.original = original == null ? null : embedded(original, onDevice);
    }

    private boolean fits(long bytes) {
        return bytes <= SHARE * device.freeBytes();
    }

    private StreamRows embedded(WindowEmbedding embedding, boolean onDevice) {
        StreamRows stream = new StreamRows(device, windows * length, config.hiddenSize(), onDevice);
        try (Arena scratch = Arena.ofConfined()) {
            Matrix x = Matrix.allocate(scratch, length, config.hiddenSize());
            for (int window = 0; window < windows; window++) {
                embedding.embed(window, x);
                stream.set(window * length, x);
            }
        }
        return stream;
    }

    @Override
    public void layer(LayerWeights fullWeights, LayerWeights nowWeights) {
        release();
        if (layerMemory != null) {
            layerMemory.close();
        }
        layerMemory = device.newArena();
        full = DeviceLayer.of(layerMemory, fullWeights);
        now = full.fork();
        for (LayerLinear linear : LayerLinear.values()) {
            if (nowWeights.linear(linear) != fullWeights.linear(linear)) {
                now.replace(linear, nowWeights.linear(linear));
            }
        }
    }

    @Override
    public InputSums sums(Arena results, LayerInputs inputs, SumsWanted wanted) {
        int k = inputs.width(config);
        int hidden = config.hiddenSize();
        release();
        reading = device.newArena();
        boolean kept = inputs.adds() && fits((long) windows * length * k * Float.BYTES);
        read = kept ? reading.matrix(windows * length, k) : null;
        try (DeviceArena memory = device.newArena()) {
            DeviceMatrix products = memory.zeros(k, k);
            DeviceMatrix deviation = original == null ? null : memory.zeros(k, k);
            DeviceMatrix residual = wanted.residual() && inputs.repairs(config) ? memory.zeros(hidden, k) : null;
            DeviceMatrix magnitudes = wanted.magnitudes() ? memory.zeros(2, k) : null;
            DeviceMatrix tokenWeights = wanted.tokenWeights() == null ? null : memory.matrix(1, windows * length);
            if (tokenWeights != null) {
                device.upload(MemorySegment.ofArray(wanted.tokenWeights()), tokenWeights.address());
            }
            Sums sums = new Sums(products, deviation, residual, magnitudes, tokenWeights);
            for (int from = 0; from < windows; from += group) {
                sum(inputs, from * length, Math.min(group, windows - from) * length, sums);
            }
            decoder.kernels().mirror(products);
            return new InputSums(
                    downloaded(results, products),
                    downloaded(results, deviation),
                    downloaded(results, residual),
                    magnitudes == null ? null : means(magnitudes));
        }
    }

    /** What grows with each group of windows; {@code magnitudes} holds {@code k} doubles. */
    private record Sums(
            DeviceMatrix products,
            DeviceMatrix deviation,
            DeviceMatrix residual,
            DeviceMatrix magnitudes,
            DeviceMatrix tokenWeights) {}

    private void sum(LayerInputs inputs, int from, int tokens, Sums sums) {
        DecoderKernels kernels = decoder.kernels();
        DeviceProducts multiply = decoder.products();
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix x = quantized.take(scratch, from, tokens);
            DeviceMatrix rows = rows(scratch, inputs, from, tokens);
            decoder.compute(inputs, now, x, rows);
            DeviceMatrix weighted = rows;
            if (sums.tokenWeights() != null) {
                weighted = scratch.matrix(tokens, rows.columns());
                DeviceMatrix factors =
                        new DeviceMatrix(device, sums.tokenWeights().at(0, from), 1, tokens);
                kernels.scaleRows(rows, factors, weighted);
            }
            multiply.addSymmetric(rows, weighted, sums.products());
            if (sums.magnitudes() != null) {
                kernels.addMagnitudes(rows, sums.magnitudes().address());
            }
            if (original != null) {
                compare(scratch, inputs, from, x, rows, weighted, sums);
            }
        }
    }

    /** What the original layers give here, less what the quantized ones do. The original stream moves on. */
    private void compare(
            DeviceArena scratch,
            LayerInputs inputs,
            int from,
            DeviceMatrix x,
            DeviceMatrix rows,
            DeviceMatrix weighted,
            Sums sums) {
        DecoderKernels kernels = decoder.kernels();
        DeviceProducts multiply = decoder.products();
        DeviceMatrix stream = original.take(scratch, from, x.rows());
        DeviceMatrix apart = scratch.matrix(rows.rows(), rows.columns());
        decoder.compute(inputs, full, stream, apart);
        if (sums.residual() != null) {
            DeviceMatrix gap = scratch.matrix(x.rows(), x.columns());
            kernels.subtract(stream, x, gap);
            // What the linear's output is multiplied by, it repairs that much less of.
            float factor = 1 / (float) full.spec().residualMultiplier();
            multiply.addTransposedTimes(gap, weighted, factor, sums.residual());
        }
        if (inputs.adds()) {
            decoder.add(full, inputs.linears().getFirst(), apart, stream);
            original.give(stream, from);
        }
        kernels.subtract(apart, rows, apart);
        multiply.addTransposedTimes(apart, weighted, 1, sums.deviation());
    }

    private DeviceMatrix rows(DeviceArena scratch, LayerInputs inputs, int from, int tokens) {
        return read != null ? read.rows(from, tokens) : scratch.matrix(tokens, inputs.width(config));
    }

    private static Matrix downloaded(Arena results, DeviceMatrix sum) {
        if (sum == null) {
            return null;
        }
        Matrix matrix = Matrix.allocate(results, sum.rows(), sum.columns());
        sum.download(matrix);
        return matrix;
    }

    private float[] means(DeviceMatrix magnitudes) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment sums = scratch.allocate(ValueLayout.JAVA_DOUBLE, magnitudes.columns());
            device.download(magnitudes.address(), sums);
            float[] means = new float[magnitudes.columns()];
            for (int i = 0; i < means.length; i++) {
                means[i] = (float) (sums.getAtIndex(ValueLayout.JAVA_DOUBLE, i) / ((long) windows * length));
            }
            return means;
        }
    }

    @Override
    public Factorizer factorizer() {
        return DeviceFactorization.factorizer(reading);
    }

    @Override
    public Optional<WeightRounding> rounding(int k) {
        return DeviceRounding.takes(device, k) ? Optional.of(new DeviceRounding(device)) : Optional.empty();
    }

    @Override
    public void replace(LayerLinear linear, Matrix restored) {
        now.replace(linear, restored);
    }

    @Override
    public void advance(LayerInputs inputs) {
        if (inputs.adds()) {
            move(inputs, now, quantized, read);
        }
        release();
    }

    @Override
    public void pass(LayerInputs inputs) {
        release();
        if (!inputs.adds()) {
            return;
        }
        move(inputs, now, quantized, null);
        if (original != null) {
            move(inputs, full, original, null);
        }
    }

    /** @param known what the linear reads, {@code null} where that is computed again */
    private void move(LayerInputs inputs, DeviceLayer weights, StreamRows stream, DeviceMatrix known) {
        for (int from = 0; from < windows * length; from += group * length) {
            int tokens = Math.min(group * length, windows * length - from);
            try (DeviceArena scratch = device.newArena()) {
                DeviceMatrix x = stream.take(scratch, from, tokens);
                DeviceMatrix rows;
                if (known != null) {
                    rows = known.rows(from, tokens);
                } else {
                    rows = scratch.matrix(tokens, inputs.width(config));
                    decoder.compute(inputs, weights, x, rows);
                }
                decoder.add(weights, inputs.linears().getFirst(), rows, x);
                stream.give(x, from);
            }
        }
    }

    @Override
    public long bytes() {
        return quantized.bytes() + (original == null ? 0 : original.bytes());
    }

    @Override
    public List<MemorySegment> save() {
        List<MemorySegment> streams = new ArrayList<>(List.of(quantized.save()));
        if (original != null) {
            streams.add(original.save());
        }
        return streams;
    }

    @Override
    public void restore(MemorySegment saved) {
        int rows = windows * length;
        long bytes = quantized.bytes();
        quantized.set(0, new Matrix(saved.asSlice(0, bytes), rows, config.hiddenSize()));
        if (original != null) {
            original.set(0, new Matrix(saved.asSlice(bytes, bytes), rows, config.hiddenSize()));
        }
    }

    @Override
    public void close() {
        release();
        if (layerMemory != null) {
            layerMemory.close();
        }
        quantized.close();
        if (original != null) {
            original.close();
        }
        arena.close();
        device.close();
    }

    private void release() {
        if (reading != null) {
            reading.close();
            reading = null;
            read = null;
        }
    }
}
