package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.training.DivergenceProbe;
import dev.fewbit.quantizer.training.LayerTape;
import dev.fewbit.quantizer.training.OutputGradients;
import dev.fewbit.quantizer.training.Sensitivity;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The pass behind {@link Sensitivity}, forward and back through the 16-bit model, on the device; signs are the processor's. */
final class DeviceSensitivity implements AutoCloseable {
    /** Logits that are in memory at a time. Fixed: the size of a product may show in its last bits. */
    private static final long MOST_LOGITS = 1L << 26;

    private final TrainingKernels kernels;
    private final CudaDevice device;
    private final DeviceArena arena;
    private final ModelConfig config;
    private final TokenWindows windows;
    private final int length;
    private final List<DeviceLayer> layers;
    private final DeviceHead head;
    private final DevicePass pass;
    private final List<LayerTape<DeviceMatrix>> tapes = new ArrayList<>();
    private final OutputGradients<DeviceMatrix> gradients;
    private final DeviceMatrix stream;
    private final DeviceMatrix logits;
    private final DeviceMatrix normed;
    private final DeviceMatrix gradient;
    private final DeviceMatrix unit;
    private final long signs;
    private final List<Map<LayerLinear, DeviceMatrix>> norms = new ArrayList<>();
    private final List<Map<LayerLinear, DeviceMatrix>> metrics = new ArrayList<>();

    DeviceSensitivity(CudaDevice device, Checkpoint checkpoint, TokenWindows windows) {
        this.device = device;
        this.windows = windows;
        kernels = new TrainingKernels(device);
        config = checkpoint.config();
        length = windows.length();
        arena = device.newArena();
        layers = IntStream.range(0, config.layers())
                .mapToObj(i -> CudaDecoder.layer(arena, checkpoint, i))
                .toList();
        head = new DeviceHead(arena, kernels, checkpoint);
        pass = new DevicePass(arena, kernels, config, length, Sensitivity.GROUP);
        int tokens = Sensitivity.GROUP * length;
        int widest = 0;
        for (DeviceLayer layer : layers) {
            tapes.add(LayerTape.allocate(config, width -> arena.matrix(tokens, width)));
            Map<LayerLinear, DeviceMatrix> layerNorms = new EnumMap<>(LayerLinear.class);
            Map<LayerLinear, DeviceMatrix> layerMetrics = new EnumMap<>(LayerLinear.class);
            for (LayerLinear linear : LayerLinear.values()) {
                int n = layer.linear(linear).rows();
                widest = Math.max(widest, n);
                layerNorms.put(linear, arena.matrix(1, windows.sequences() * length));
                layerMetrics.put(linear, arena.zeros(n, n));
            }
            norms.add(layerNorms);
            metrics.add(layerMetrics);
        }
        gradients = OutputGradients.allocate(config, width -> arena.matrix(tokens, width));
        stream = arena.matrix(tokens, config.hiddenSize());
        int rows = Math.clamp(MOST_LOGITS / head.vocabulary(), 1, tokens);
        logits = arena.matrix(rows, head.vocabulary());
        normed = arena.matrix(rows, config.hiddenSize());
        gradient = arena.matrix(rows, config.hiddenSize());
        unit = arena.matrix(tokens, widest);
        signs = arena.bytes((long) tokens * words() * Long.BYTES);
    }

    /** Runs it, and gives {@code sensitivity} what it found. */
    void run(Sensitivity sensitivity) {
        long ids = TrainingKernels.ints(arena, windows.flat());
        long all = TrainingKernels.ints(
                arena, IntStream.range(0, windows.sequences()).toArray());
        for (int from = 0; from < windows.sequences(); from += Sensitivity.GROUP) {
            int tokens = Math.min(Sensitivity.GROUP, windows.sequences() - from) * length;
            DeviceMatrix x = stream.rows(0, tokens);
            kernels.embedWindows(head.embedding(), ids, all + (long) from * Integer.BYTES, x, length);
            for (int i = 0; i < layers.size(); i++) {
                pass.forward(layers.get(i), tapes.get(i).map(matrix -> matrix.rows(0, tokens)), x);
            }
            probe(from, x);
            for (int i = layers.size() - 1; i >= 0; i--) {
                OutputGradients<DeviceMatrix> outputs = gradients.map(matrix -> matrix.rows(0, tokens));
                pass.backward(layers.get(i), tapes.get(i).map(matrix -> matrix.rows(0, tokens)), outputs, x);
                take(i, outputs, from);
            }
        }
        for (int i = 0; i < layers.size(); i++) {
            for (LayerLinear linear : LayerLinear.values()) {
                give(sensitivity, i, linear);
            }
        }
    }

    /** The stream behind the last layer becomes the gradient of random directions of the logits. */
    private void probe(int from, DeviceMatrix x) {
        try (Arena host = Arena.ofShared()) {
            MemorySegment bits = host.allocate(ValueLayout.JAVA_LONG, (long) x.rows() * words());
            int window = length * words();
            IntStream.range(0, x.rows() / length)
                    .parallel()
                    .forEach(i -> MemorySegment.copy(
                            DivergenceProbe.signs(from + i, window),
                            0,
                            bits,
                            ValueLayout.JAVA_LONG,
                            (long) i * window * Long.BYTES,
                            window));
            device.upload(bits, signs);
        }
        for (int row = 0; row < x.rows(); row += logits.rows()) {
            int count = Math.min(logits.rows(), x.rows() - row);
            DeviceMatrix some = x.rows(row, count);
            DeviceMatrix h = normed.rows(0, count);
            DeviceMatrix directions = logits.rows(0, count);
            head.norm(some, h);
            head.logits(h, directions);
            kernels.probe(directions, signs + (long) row * words() * Long.BYTES);
            head.back(directions, h, gradient.rows(0, count), some);
        }
    }

    private void take(int layer, OutputGradients<DeviceMatrix> outputs, int firstWindow) {
        for (LayerLinear linear : LayerLinear.values()) {
            DeviceMatrix g = outputs.of(linear);
            DeviceMatrix divided = new DeviceMatrix(device, unit.address(), g.rows(), g.columns());
            long lengths = norms.get(layer).get(linear).at(0, firstWindow * length);
            kernels.unitRows(g, divided, lengths, Sensitivity.LEAST_NORM);
            if (Sensitivity.tellsOfMetric(firstWindow)) {
                device.products()
                        .addTransposedTimes(g, divided, 1, metrics.get(layer).get(linear));
            }
        }
    }

    private void give(Sensitivity sensitivity, int layer, LayerLinear linear) {
        try (Arena host = Arena.ofConfined()) {
            DeviceMatrix found = metrics.get(layer).get(linear);
            Matrix metric = Matrix.allocate(host, found.rows(), found.columns());
            found.download(metric);
            Matrix lengths = Matrix.allocate(host, 1, windows.sequences() * length);
            norms.get(layer).get(linear).download(lengths);
            sensitivity.take(layer, linear, lengths.row(0), metric);
        }
    }

    /** Words of signs a position. */
    private int words() {
        return Math.ceilDiv(head.vocabulary(), Long.SIZE);
    }

    @Override
    public void close() {
        arena.close();
    }
}
