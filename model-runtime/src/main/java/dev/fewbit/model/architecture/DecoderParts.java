package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.onnx.Dimension;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.OnnxGraph;
import dev.fewbit.model.onnx.Operators;
import dev.fewbit.model.onnx.Value;
import dev.fewbit.model.onnx.WeightsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What the graphs of all decoders are made of: weights that are taken from the source and written to the weights file as
 * they are needed, linears over them, and attention over the cache. Activations are fp32.
 */
final class DecoderParts {
    /**
     * The level written into the model: int8 activations, the only one with a fast CPU kernel for every width. Sessions of
     * ours set it by their mode.
     */
    private static final int ACCURACY_LEVEL = 4;

    private final ModelConfig config;
    private final WeightSource source;
    private final WeightsFile weights;
    private final OnnxGraph graph;
    private final Operators ops;
    private final Value lastPositions;
    private final Value totalLength;
    private final Value cos;
    private final Value sin;
    private final List<Value> presents = new ArrayList<>();

    DecoderParts(ModelConfig config, WeightSource source, WeightsFile weights, OnnxGraph graph) {
        this.config = config;
        this.source = source;
        this.weights = weights;
        this.graph = graph;
        this.ops = new Operators(graph);
        lastPositions = graph.input(DecoderGraph.LAST_POSITIONS, ElementType.INT32, Dimension.of(DecoderGraph.BATCH));
        totalLength = graph.input(DecoderGraph.TOTAL_LENGTH, ElementType.INT32, Dimension.of(1));
        Value angles = angles();
        cos = ops.cos("rope_cos", angles);
        sin = ops.sin("rope_sin", angles);
    }

    Operators ops() {
        return ops;
    }

    OnnxGraph graph() {
        return graph;
    }

    /** Presents in the order of their layers, key before value: outputs of the graph. */
    List<Value> presents() {
        return presents;
    }

    /** A tensor in the type it is stored in. */
    Value stored(String name) throws IOException {
        Tensor tensor = source.tensor(name);
        return graph.weight(weights.write(name, elementType(tensor.dtype()), tensor.shape(), List.of(tensor.data())));
    }

    /** A tensor widened to fp32 (the cast is done once, when the model is loaded). */
    Value widened(String name) throws IOException {
        return widen(stored(name), elementType(source.tensor(name).dtype()));
    }

    /** A stored value in fp32. */
    Value widen(Value stored, ElementType type) {
        return type == ElementType.FLOAT ? stored : ops.cast(stored.name() + "_fp32", stored, ElementType.FLOAT);
    }

    /**
     * Linears over one input, their outputs one behind the other. Where the weights are of one kind they become one node:
     * fewer, larger multiplications are faster.
     */
    Value linear(String name, Value input, List<String> weightNames) throws IOException {
        List<LinearWeight> parts = weightNames.stream().map(source::linear).toList();
        if (uniform(parts)) {
            return linear(name, input, name + "_weight", parts);
        }
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            outputs.add(linear(name + "_" + i, input, weightNames.get(i), List.of(parts.get(i))));
        }
        return ops.concatLast(name, outputs);
    }

    /** {@code input [.., k] * table^T} for a dense table {@code [n, k]} that the graph already holds. */
    Value denseLinear(String name, Value input, Value table, ElementType type) {
        return ops.matMul(name, input, ops.transpose(name + "_kn", widen(table, type)));
    }

    private Value linear(String name, Value input, String weightName, List<LinearWeight> parts) throws IOException {
        return switch (parts.getFirst()) {
            case DenseWeight first -> {
                List<Tensor> tensors = parts.stream()
                        .map(part -> ((DenseWeight) part).tensor())
                        .toList();
                ElementType type = elementType(first.tensor().dtype());
                Value stored = graph.weight(weights.write(
                        weightName,
                        type,
                        new long[] {outputs(parts), first.k()},
                        tensors.stream().map(Tensor::data).toList()));
                yield denseLinear(name, input, stored, type);
            }
            case BlockQuantizedWeight first -> {
                List<BlockQuantizedWeight> blocks =
                        parts.stream().map(BlockQuantizedWeight.class::cast).toList();
                yield ops.matMulNBits(name, input, matrix(weightName, first, blocks, outputs(parts)), ACCURACY_LEVEL);
            }
        };
    }

    private Operators.QuantizedMatrix matrix(
            String name, BlockQuantizedWeight first, List<BlockQuantizedWeight> parts, long n) throws IOException {
        Value codes = graph.weight(weights.write(
                name + "_codes",
                ElementType.UINT8,
                new long[] {n, first.blocks(), first.blockBytes()},
                segments(parts, BlockQuantizedWeight::codes)));
        Value scales = graph.weight(weights.write(
                name + "_scales",
                ElementType.FLOAT16,
                new long[] {n, first.blocks()},
                segments(parts, BlockQuantizedWeight::scales)));
        Value zeroPoints = first.zeroPoints() == null
                ? Value.NONE
                : graph.weight(weights.write(
                        name + "_zero_points",
                        ElementType.UINT8,
                        new long[] {n, first.zeroPointBytes()},
                        segments(parts, BlockQuantizedWeight::zeroPoints)));
        return new Operators.QuantizedMatrix(
                codes, widen(scales, ElementType.FLOAT16), zeroPoints, first.bits(), first.blockSize(), n, first.k());
    }

    /** Attention over packed queries, keys and values, reading and extending the layer's cache. */
    Value attention(int layer, Value packed) {
        Dimension[] cache = {
            Dimension.of(DecoderGraph.BATCH),
            Dimension.of(config.kvHeads()),
            Dimension.of(DecoderGraph.CAPACITY),
            Dimension.of(config.headDim())
        };
        Value pastKey = graph.input(DecoderGraph.pastKey(layer), ElementType.FLOAT, cache);
        Value pastValue = graph.input(DecoderGraph.pastValue(layer), ElementType.FLOAT, cache);
        List<Value> outputs = ops.attention(
                "layer_" + layer + "_attention",
                packed,
                new Operators.AttentionState(pastKey, pastValue, lastPositions, totalLength, cos, sin),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                List.of(DecoderGraph.presentKey(layer), DecoderGraph.presentValue(layer)));
        for (Value present : outputs.subList(1, 3)) {
            graph.output(present, ElementType.FLOAT, cache);
            presents.add(present);
        }
        return outputs.getFirst();
    }

    /**
     * Rotation angles {@code [maxPositions, headDim/2]}: computed when the model is loaded, not stored, since the tables of
     * a long context would weigh more than many a layer.
     */
    private Value angles() {
        int half = config.headDim() / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = (float) (1 / Math.pow(config.ropeTheta(), 2.0 * i / config.headDim()));
        }
        Value positions = ops.range(
                "rope_range",
                graph.scalar("rope_start", 0),
                graph.scalar("rope_end", config.maxPositionEmbeddings()),
                graph.scalar("rope_step", 1));
        Value column = ops.reshape(
                "rope_positions",
                ops.cast("rope_range_fp32", positions, ElementType.FLOAT),
                graph.constant("rope_column", -1L, 1L));
        return ops.multiply("rope_angles", column, graph.constant("rope_frequencies", frequencies));
    }

    private static boolean uniform(List<LinearWeight> parts) {
        return switch (parts.getFirst()) {
            case DenseWeight first ->
                parts.stream()
                        .allMatch(part -> part instanceof DenseWeight dense
                                && dense.tensor().dtype() == first.tensor().dtype());
            case BlockQuantizedWeight first ->
                parts.stream()
                        .allMatch(part -> part instanceof BlockQuantizedWeight blocks
                                && blocks.bits() == first.bits()
                                && blocks.blockSize() == first.blockSize()
                                && Objects.isNull(blocks.zeroPoints()) == Objects.isNull(first.zeroPoints()));
        };
    }

    private static long outputs(List<LinearWeight> parts) {
        return parts.stream().mapToLong(LinearWeight::n).sum();
    }

    private static List<MemorySegment> segments(
            List<BlockQuantizedWeight> parts, Function<BlockQuantizedWeight, MemorySegment> what) {
        return parts.stream().map(what).toList();
    }

    static ElementType elementType(DType dtype) {
        return switch (dtype) {
            case F32 -> ElementType.FLOAT;
            case F16 -> ElementType.FLOAT16;
            case BF16 -> ElementType.BFLOAT16;
        };
    }
}
