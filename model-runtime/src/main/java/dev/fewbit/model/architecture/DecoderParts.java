package dev.fewbit.model.architecture;

import dev.fewbit.model.decoder.Activation;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.model.decoder.Positions;
import dev.fewbit.model.onnx.Dimension;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.ExternalTensor;
import dev.fewbit.model.onnx.OnnxGraph;
import dev.fewbit.model.onnx.Operators;
import dev.fewbit.model.onnx.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the graphs of all decoders are made of: embedding, linears and norms over stored weights, and attention over the cache.
 * Activations and cache are fp32 or fp16; weights are stored in their own types and are cast where they differ, which a runtime does
 * once, when it loads the model.
 */
final class DecoderParts {
    /** In the fp32 graph: int8 activations, the only level with a fast CPU kernel for every width. Sessions of ours set it by their mode. */
    private static final int INT8_ACTIVATIONS = 4;
    /** In the fp16 graph: nothing is rounded but the weights. CUDA does not look at the level. */
    private static final int ACTIVATIONS_AS_THEY_ARE = 0;

    private final DecoderSpec decoder;
    private final StoredWeights weights;
    private final OnnxGraph graph;
    private final ElementType activations;
    private final Operators ops;
    private final Value lastPositions;
    private final Value totalLength;
    /** Of rotary positions; {@link Value#NONE} for learned ones. */
    private final Value cos;

    private final Value sin;
    private final Map<String, Value> initializers = new HashMap<>();
    private final Map<String, Value> casts = new HashMap<>();

    /** @param activations fp32 or fp16 */
    DecoderParts(DecoderSpec decoder, StoredWeights weights, OnnxGraph graph, ElementType activations) {
        this.decoder = decoder;
        this.weights = weights;
        this.graph = graph;
        this.activations = activations;
        this.ops = new Operators(graph);
        lastPositions = graph.input(DecoderGraph.LAST_POSITIONS, ElementType.INT32, Dimension.of(DecoderGraph.BATCH));
        totalLength = graph.input(DecoderGraph.TOTAL_LENGTH, ElementType.INT32, Dimension.of(1));
        switch (decoder.positions()) {
            case Positions.Rotary rotary -> {
                // The angles of late positions need fp32 in either graph; their cosines do not.
                Value angles = angles(rotary);
                cos = convert(magnified(ops.cos("rope_cos", angles), rotary), ElementType.FLOAT, activations);
                sin = convert(magnified(ops.sin("rope_sin", angles), rotary), ElementType.FLOAT, activations);
            }
            case Positions.Learned learned -> {
                cos = Value.NONE;
                sin = Value.NONE;
            }
        }
    }

    Operators ops() {
        return ops;
    }

    OnnxGraph graph() {
        return graph;
    }

    /** A vector of the checkpoint in the type of activations. */
    private Value vector(String name) throws IOException {
        ExternalTensor stored = weights.tensor(name);
        return convert(initializer(stored), stored.type(), activations);
    }

    /** A norm's gains in the type of activations. */
    private Value gain(NormSpec norm) throws IOException {
        if (norm.offset() == 0) {
            return vector(norm.weight());
        }
        // The sum in fp32: gains near 0 would lose their last bits beside the offset.
        ExternalTensor stored = weights.tensor(norm.weight());
        Value gains = convert(initializer(stored), stored.type(), ElementType.FLOAT);
        Value offset = shared("norm_offset", (float) norm.offset());
        Value sum = ops.add(norm.weight() + "_offset", gains, offset);
        return convert(sum, ElementType.FLOAT, activations);
    }

    private Value bias(NormSpec norm) throws IOException {
        return norm.bias().isPresent() ? vector(norm.bias().get()) : Value.NONE;
    }

    Value norm(String name, Value input, NormSpec norm) throws IOException {
        float epsilon = (float) norm.epsilon();
        return switch (norm.kind()) {
            case RMS -> ops.rmsNorm(name, input, gain(norm), epsilon);
            case LAYER -> ops.layerNorm(name, input, gain(norm), bias(norm), epsilon);
        };
    }

    /** The norm of {@code input + skip}, and that sum. */
    Operators.NormedSum skipNorm(String name, Value input, Value skip, NormSpec norm) throws IOException {
        float epsilon = (float) norm.epsilon();
        return switch (norm.kind()) {
            case RMS -> ops.skipRmsNorm(name, input, skip, gain(norm), epsilon);
            case LAYER -> ops.skipLayerNorm(name, input, skip, gain(norm), bias(norm), epsilon);
        };
    }

    /** The norm of each head of {@code [batch, length, heads * width]}. */
    Value headNorm(String name, Value input, NormSpec norm, int columns) throws IOException {
        Value heads =
                ops.reshape(name + "_heads", input, graph.constant(name + "_heads_shape", 0L, 0L, -1L, norm.width()));
        Value normed = norm(name + "_normed", heads, norm);
        return ops.reshape(name, normed, graph.constant(name + "_shape", 0L, 0L, columns));
    }

    Value activation(String name, Value input, Activation activation) {
        return switch (activation) {
            case SILU -> ops.silu(name + "_silu", input);
            case GELU -> ops.gelu(name + "_gelu", input, false);
            case GELU_TANH -> ops.gelu(name + "_gelu", input, true);
        };
    }

    /** {@code input * factor}; the input where that is 1. */
    Value scaled(String name, Value input, double factor) {
        return factor == 1 ? input : ops.multiply(name, input, number(name + "_factor", (float) factor));
    }

    /** {@code cap * tanh(input / cap)}. */
    Value softCapped(String name, Value input, double cap) {
        Value small = scaled(name + "_small", input, 1 / cap);
        return scaled(name, ops.tanh(name + "_tanh", small), cap);
    }

    /** A number in the type of activations. */
    private Value number(String name, float value) {
        return convert(shared(name, value), ElementType.FLOAT, activations);
    }

    private Value shared(String name, float value) {
        return initializers.computeIfAbsent(name, n -> graph.constant(n, value));
    }

    /** Tokens as the layers read them: rows of the embedding, multiplied, with learned positions added. */
    Value embed(String name, Value ids) throws IOException {
        Value rows = scaled(name + "_scaled", rows(name, ids), decoder.embeddingMultiplier());
        if (!(decoder.positions() instanceof Positions.Learned(String weight, int count))) {
            return rows;
        }
        ExternalTensor table = weights.tensor(weight);
        Value vectors = ops.gatherRows("positions", initializer(table), positions(ids));
        return ops.add("embedded_at_positions", rows, convert(vectors, table.type(), activations));
    }

    /** The position of each of {@code ids [batch, length]}: that of its row's last token, less the tokens behind it. */
    private Value positions(Value ids) {
        Value ones = ops.add(
                "id_ones", ops.multiply("id_zeros", ids, graph.constant("id_zero", 0L)), graph.constant("id_one", 1L));
        Value behind = ops.sumBehind("ids_behind", ones, graph.scalar("length_axis", 1));
        Value last = ops.reshape(
                "last_column",
                ops.cast("last_int64", lastPositions, ElementType.INT64),
                graph.constant("column_shape", -1L, 1L));
        return ops.subtract("position_ids", last, behind);
    }

    /** Rows of the embedding in the type of activations. */
    private Value rows(String name, Value ids) throws IOException {
        return switch (weights.embedding(Architecture.EMBEDDING)) {
            case StoredMatrix.Dense(ExternalTensor table) ->
                convert(ops.gatherRows(name, initializer(table), ids), table.type(), activations);
            case StoredMatrix.Quantized table -> {
                Operators.QuantizedMatrix rows = matrix(table, initializer(table.rows()));
                if (table.paddedK() == table.k()) {
                    yield ops.gatherQuantizedRows(name, rows, ids);
                }
                // A head that shares the bytes wants the last block filled up; a gather takes the filling for weights.
                Value padded = ops.gatherQuantizedRows(name + "_padded", rows, ids);
                yield ops.sliceLast(
                        name, padded, graph.constant(name + "_from", 0L), graph.constant(name + "_to", table.k()));
            }
        };
    }

    /** Logits before divisor and cap: by the embedding, or by a weight of the head's own. */
    Value head(String name, Value input) throws IOException {
        StoredMatrix weight = decoder.head().tied()
                ? weights.embedding(Architecture.EMBEDDING)
                : weights.linears(DecoderGraph.LOGITS, List.of(Architecture.HEAD))
                        .getFirst();
        return multiply(name, input, weight);
    }

    /** Linears over one input, their outputs one behind the other. */
    Value linear(String name, Value input, List<LinearSpec> linears) throws IOException {
        boolean biased = linears.getFirst().bias().isPresent();
        String product = biased ? name + "_product" : name;
        List<StoredMatrix> matrices =
                weights.linears(name, linears.stream().map(LinearSpec::weight).toList());
        Value output;
        if (matrices.size() == 1) {
            output = multiply(product, input, matrices.getFirst());
        } else {
            List<Value> outputs = new ArrayList<>();
            for (int i = 0; i < matrices.size(); i++) {
                outputs.add(multiply(name + "_" + i, input, matrices.get(i)));
            }
            output = ops.concatLast(product, outputs);
        }
        return biased ? ops.add(name, output, bias(name, linears)) : output;
    }

    private Value bias(String name, List<LinearSpec> linears) throws IOException {
        List<Value> biases = new ArrayList<>();
        for (LinearSpec linear : linears) {
            biases.add(vector(linear.bias().orElseThrow()));
        }
        return biases.size() == 1 ? biases.getFirst() : ops.concatLast(name + "_bias", biases);
    }

    /** {@code input [.., k] * matrix^T}. */
    private Value multiply(String name, Value input, StoredMatrix matrix) {
        return switch (matrix) {
            case StoredMatrix.Dense(ExternalTensor table) ->
                ops.matMul(
                        name,
                        input,
                        ops.transpose(name + "_kn", convert(initializer(table), table.type(), activations)));
            case StoredMatrix.Quantized quantized ->
                ops.matMulNBits(
                        name,
                        input,
                        matrix(quantized, initializer(quantized.codes())),
                        activations == ElementType.FLOAT ? INT8_ACTIVATIONS : ACTIVATIONS_AS_THEY_ARE);
        };
    }

    private Operators.QuantizedMatrix matrix(StoredMatrix.Quantized stored, Value codes) {
        return new Operators.QuantizedMatrix(
                codes,
                convert(initializer(stored.scales()), ElementType.FLOAT16, activations),
                stored.zeroPoints() == null ? Value.NONE : initializer(stored.zeroPoints()),
                stored.bits(),
                stored.blockSize(),
                stored.n(),
                stored.k());
    }

    /** Attention over packed queries, keys and values, reading and extending the layer's cache. */
    Value attention(int layer, Value packed, AttentionSpec attention) {
        Dimension[] cache = {
            Dimension.of(DecoderGraph.BATCH),
            Dimension.of(attention.kvHeads()),
            Dimension.of(DecoderGraph.CAPACITY),
            Dimension.of(attention.headDim())
        };
        Value pastKey = graph.input(DecoderGraph.pastKey(layer), activations, cache);
        Value pastValue = graph.input(DecoderGraph.pastValue(layer), activations, cache);
        List<Value> outputs = ops.attention(
                "layer_" + layer + "_attention",
                packed,
                new Operators.AttentionState(pastKey, pastValue, lastPositions, totalLength, cos, sin),
                new Operators.AttentionShape(
                        attention.heads(),
                        attention.kvHeads(),
                        (float) attention.scale(),
                        attention.window(),
                        attention.softCap()),
                List.of(DecoderGraph.presentKey(layer), DecoderGraph.presentValue(layer)));
        for (Value present : outputs.subList(1, 3)) {
            graph.output(present, activations, cache);
        }
        return outputs.getFirst();
    }

    /**
     * Rotation angles {@code [maxPositions, dims / 2]} in fp32: computed when the model is loaded, not stored, since the tables of
     * a long context would weigh more than many a layer.
     */
    private Value angles(Positions.Rotary rotary) {
        Value positions = ops.range(
                "rope_range",
                graph.scalar("rope_start", 0),
                graph.scalar("rope_end", decoder.maxPositions()),
                graph.scalar("rope_step", 1));
        Value column = ops.reshape(
                "rope_positions",
                ops.cast("rope_range_fp32", positions, ElementType.FLOAT),
                graph.constant("rope_column", -1L, 1L));
        return ops.multiply("rope_angles", column, graph.constant("rope_frequencies", rotary.frequencies()));
    }

    private Value magnified(Value table, Positions.Rotary rotary) {
        return rotary.magnitude() == 1
                ? table
                : ops.multiply(table.name() + "_magnified", table, shared("rope_magnitude", rotary.magnitude()));
    }

    private Value initializer(ExternalTensor tensor) {
        return initializers.computeIfAbsent(tensor.name(), name -> graph.weight(tensor));
    }

    /** {@code value} in another type; several users share one cast. */
    private Value convert(Value value, ElementType from, ElementType to) {
        if (from == to) {
            return value;
        }
        String name = value.name() + (to == ElementType.FLOAT ? "_fp32" : "_fp16");
        return casts.computeIfAbsent(name, cast -> ops.cast(cast, value, to));
    }
}
