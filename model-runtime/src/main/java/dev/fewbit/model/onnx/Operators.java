package dev.fewbit.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The operators of our graphs, with the types and attributes that they take. Every method's {@code name} is the node's,
 * and the name of its (first) output.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">com.microsoft operators</a>
 */
public final class Operators {
    private final OnnxGraph graph;

    public Operators(OnnxGraph graph) {
        this.graph = graph;
    }

    /** What MatMulNBits reads beside its activations. */
    public record QuantizedMatrix(
            Value codes, Value scales, Value zeroPoints, int bits, int blockSize, long n, long k) {}

    /** Normed values, and the sum of input and skip that goes on as the residual. */
    public record NormedSum(Value normed, Value sum) {}

    /** What GroupQueryAttention reads beside the projected queries, keys and values. */
    public record AttentionState(
            Value pastKey, Value pastValue, Value lastPositions, Value totalLength, Value cos, Value sin) {}

    /**
     * How GroupQueryAttention computes.
     *
     * @param scale of the scores
     * @param window positions that a query sees, its own among them
     * @param softCap of the scores
     */
    public record AttentionShape(int heads, int kvHeads, float scale, OptionalInt window, OptionalDouble softCap) {}

    /** Values and indexes of the largest elements along the last axis, largest first; the lower index first in a tie. */
    public record Largest(Value values, Value indexes) {}

    public Value cast(String name, Value input, ElementType to) {
        return graph.node(
                OnnxGraph.ONNX, "Cast", name, List.of(input), Attributes.none().with("to", to.number()));
    }

    /** Rows of {@code table} at {@code indexes}. */
    public Value gatherRows(String name, Value table, Value indexes) {
        return graph.node(
                OnnxGraph.ONNX,
                "Gather",
                name,
                List.of(table, indexes),
                Attributes.none().with("axis", 0));
    }

    /**
     * Rows of a quantized table at {@code indexes}, dequantized to the type of its scales.
     *
     * @param table its codes as {@code [n, rowBytes]}
     */
    public Value gatherQuantizedRows(String name, QuantizedMatrix table, Value indexes) {
        List<Value> inputs = table.zeroPoints().equals(Value.NONE)
                ? List.of(table.codes(), indexes, table.scales())
                : List.of(table.codes(), indexes, table.scales(), table.zeroPoints());
        return graph.node(
                OnnxGraph.MICROSOFT,
                "GatherBlockQuantized",
                name,
                inputs,
                Attributes.none()
                        .with("bits", table.bits())
                        .with("block_size", table.blockSize())
                        .with("gather_axis", 0)
                        .with("quantize_axis", 1));
    }

    /** The elements {@code from} up to, not including, {@code to} of the last axis. */
    public Value sliceLast(String name, Value input, Value from, Value to) {
        return graph.node(
                OnnxGraph.ONNX,
                "Slice",
                name,
                List.of(input, from, to, graph.constant(name + "_axis", -1L)),
                Attributes.none());
    }

    public Value reshape(String name, Value input, Value shape) {
        return graph.node(OnnxGraph.ONNX, "Reshape", name, List.of(input, shape), Attributes.none());
    }

    /** Swaps the two dimensions of a matrix. */
    public Value transpose(String name, Value input) {
        return graph.node(
                OnnxGraph.ONNX,
                "Transpose",
                name,
                List.of(input),
                Attributes.none().with("perm", List.of(1L, 0L)));
    }

    public Value matMul(String name, Value left, Value right) {
        return graph.node(OnnxGraph.ONNX, "MatMul", name, List.of(left, right), Attributes.none());
    }

    public Value multiply(String name, Value left, Value right) {
        return graph.node(OnnxGraph.ONNX, "Mul", name, List.of(left, right), Attributes.none());
    }

    public Value add(String name, Value left, Value right) {
        return graph.node(OnnxGraph.ONNX, "Add", name, List.of(left, right), Attributes.none());
    }

    public Value subtract(String name, Value left, Value right) {
        return graph.node(OnnxGraph.ONNX, "Sub", name, List.of(left, right), Attributes.none());
    }

    public Value tanh(String name, Value input) {
        return graph.node(OnnxGraph.ONNX, "Tanh", name, List.of(input), Attributes.none());
    }

    /** For each element the sum of those behind it along an axis. */
    public Value sumBehind(String name, Value input, Value axis) {
        return graph.node(
                OnnxGraph.ONNX,
                "CumSum",
                name,
                List.of(input, axis),
                Attributes.none().with("exclusive", 1).with("reverse", 1));
    }

    public Value cos(String name, Value input) {
        return graph.node(OnnxGraph.ONNX, "Cos", name, List.of(input), Attributes.none());
    }

    public Value sin(String name, Value input) {
        return graph.node(OnnxGraph.ONNX, "Sin", name, List.of(input), Attributes.none());
    }

    /** The integers from {@code start} up to, not including, {@code end}. */
    public Value range(String name, Value start, Value end, Value step) {
        return graph.node(OnnxGraph.ONNX, "Range", name, List.of(start, end, step), Attributes.none());
    }

    /** Values one behind the other along the last axis. */
    public Value concatLast(String name, List<Value> inputs) {
        return graph.node(
                OnnxGraph.ONNX, "Concat", name, inputs, Attributes.none().with("axis", -1));
    }

    /** Two halves of the last axis. */
    public List<Value> halves(String name, Value input) {
        return graph.node(
                OnnxGraph.ONNX,
                "Split",
                name,
                List.of(input),
                Attributes.none().with("axis", -1).with("num_outputs", 2),
                List.of(name + "_first", name + "_second"));
    }

    /** Parts of the last axis, of the given sizes. */
    public List<Value> split(String name, Value input, long... sizes) {
        List<String> outputs =
                IntStream.range(0, sizes.length).mapToObj(i -> name + "_" + i).toList();
        return graph.node(
                OnnxGraph.ONNX,
                "Split",
                name,
                List.of(input, graph.constant(name + "_sizes", sizes)),
                Attributes.none().with("axis", -1),
                outputs);
    }

    /** {@code x * Phi(x)}, or its approximation by tanh. */
    public Value gelu(String name, Value input, boolean tanh) {
        return graph.node(OnnxGraph.MICROSOFT, tanh ? "FastGelu" : "Gelu", name, List.of(input), Attributes.none());
    }

    /** {@code x * sigmoid(x)}, which com.microsoft knows as QuickGelu with alpha 1. */
    public Value silu(String name, Value input) {
        return graph.node(
                OnnxGraph.MICROSOFT,
                "QuickGelu",
                name,
                List.of(input),
                Attributes.none().with("alpha", 1.0f));
    }

    /** RMS norm over the last axis. */
    public Value rmsNorm(String name, Value input, Value gain, float epsilon) {
        return graph.node(
                OnnxGraph.ONNX,
                "SimplifiedLayerNormalization",
                name,
                List.of(input, gain),
                Attributes.none().with("axis", -1).with("epsilon", epsilon).with("stash_type", 1));
    }

    /** RMS norm of {@code input + skip}, and that sum. */
    public NormedSum skipRmsNorm(String name, Value input, Value skip, Value gain, float epsilon) {
        List<Value> outputs = graph.node(
                OnnxGraph.MICROSOFT,
                "SkipSimplifiedLayerNormalization",
                name,
                List.of(input, skip, gain),
                Attributes.none().with("epsilon", epsilon),
                List.of(name, "", "", name + "_sum"));
        return new NormedSum(outputs.get(0), outputs.get(3));
    }

    /** Layer norm over the last axis. */
    public Value layerNorm(String name, Value input, Value gain, Value bias, float epsilon) {
        return graph.node(
                OnnxGraph.ONNX,
                "LayerNormalization",
                name,
                List.of(input, gain, bias),
                Attributes.none().with("axis", -1).with("epsilon", epsilon).with("stash_type", 1));
    }

    /** Layer norm of {@code input + skip}, and that sum. */
    public NormedSum skipLayerNorm(String name, Value input, Value skip, Value gain, Value bias, float epsilon) {
        List<Value> outputs = graph.node(
                OnnxGraph.MICROSOFT,
                "SkipLayerNormalization",
                name,
                List.of(input, skip, gain, bias),
                Attributes.none().with("epsilon", epsilon),
                List.of(name, "", "", name + "_sum"));
        return new NormedSum(outputs.get(0), outputs.get(3));
    }

    /** {@code input [.., k] * dequantized^T}, giving {@code [.., n]}. */
    public Value matMulNBits(String name, Value input, QuantizedMatrix matrix, int accuracyLevel) {
        List<Value> inputs = matrix.zeroPoints().equals(Value.NONE)
                ? List.of(input, matrix.codes(), matrix.scales())
                : List.of(input, matrix.codes(), matrix.scales(), matrix.zeroPoints());
        return graph.node(
                OnnxGraph.MICROSOFT,
                "MatMulNBits",
                name,
                inputs,
                Attributes.none()
                        .with("K", matrix.k())
                        .with("N", matrix.n())
                        .with("bits", matrix.bits())
                        .with("block_size", matrix.blockSize())
                        .with("accuracy_level", accuracyLevel));
    }

    /**
     * Causal attention over packed queries, keys and values {@code [batch, length, (heads + 2 kvHeads) headDim]}; queries and keys
     * are turned by rotary positions where the state has their cosines.
     *
     * @param present names of the present key and value
     * @return the attended values, the present key and the present value
     */
    public List<Value> attention(
            String name, Value packed, AttentionState state, AttentionShape shape, List<String> present) {
        List<Value> inputs = new ArrayList<>(List.of(
                packed,
                Value.NONE,
                Value.NONE,
                state.pastKey(),
                state.pastValue(),
                state.lastPositions(),
                state.totalLength()));
        boolean rotary = !state.cos().equals(Value.NONE);
        if (rotary) {
            inputs.add(state.cos());
            inputs.add(state.sin());
        }
        Attributes attributes = Attributes.none()
                .with("num_heads", shape.heads())
                .with("kv_num_heads", shape.kvHeads())
                .with("do_rotary", rotary ? 1 : 0)
                .with("rotary_interleaved", 0)
                .with("scale", shape.scale());
        shape.window().ifPresent(window -> attributes.with("local_window_size", window));
        shape.softCap().ifPresent(cap -> attributes.with("softcap", (float) cap));
        return graph.node(
                OnnxGraph.MICROSOFT,
                "GroupQueryAttention",
                name,
                inputs,
                attributes,
                List.of(name, present.get(0), present.get(1)));
    }

    public Largest topK(String name, Value input, Value k, String values, String indexes) {
        List<Value> outputs = graph.node(
                OnnxGraph.ONNX,
                "TopK",
                name,
                List.of(input, k),
                Attributes.none().with("axis", -1).with("largest", 1).with("sorted", 1),
                List.of(values, indexes));
        return new Largest(outputs.get(0), outputs.get(1));
    }

    /** {@code log(sum(exp(x)))} over the last axis, which is dropped. */
    public Value logSumExp(String name, Value input, Value axes) {
        return graph.node(
                OnnxGraph.ONNX,
                "ReduceLogSumExp",
                name,
                List.of(input, axes),
                Attributes.none().with("keepdims", 0));
    }

    /**
     * As {@link #logSumExp}, by {@code x[0] - logSoftmax(x)[0]} of a matrix.
     *
     * @param first the scalar 0
     */
    public Value logSumExpBySoftmax(String name, Value input, Value first) {
        Value logSoftmax = graph.node(
                OnnxGraph.ONNX,
                "LogSoftmax",
                name + "_probabilities",
                List.of(input),
                Attributes.none().with("axis", -1));
        Attributes axis = Attributes.none().with("axis", 1);
        Value probability =
                graph.node(OnnxGraph.ONNX, "Gather", name + "_probability", List.of(logSoftmax, first), axis);
        Value logit = graph.node(OnnxGraph.ONNX, "Gather", name + "_logit", List.of(input, first), axis);
        return graph.node(OnnxGraph.ONNX, "Sub", name, List.of(logit, probability), Attributes.none());
    }
}
