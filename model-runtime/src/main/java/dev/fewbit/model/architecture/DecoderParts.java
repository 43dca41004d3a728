package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.ModelConfig;
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

    private final ModelConfig config;
    private final StoredWeights weights;
    private final OnnxGraph graph;
    private final ElementType activations;
    private final Operators ops;
    private final Value lastPositions;
    private final Value totalLength;
    private final Value cos;
    private final Value sin;
    private final Map<String, Value> initializers = new HashMap<>();
    private final Map<String, Value> casts = new HashMap<>();

    /** @param activations fp32 or fp16 */
    DecoderParts(ModelConfig config, StoredWeights weights, OnnxGraph graph, ElementType activations) {
        this.config = config;
        this.weights = weights;
        this.graph = graph;
        this.activations = activations;
        this.ops = new Operators(graph);
        lastPositions = graph.input(DecoderGraph.LAST_POSITIONS, ElementType.INT32, Dimension.of(DecoderGraph.BATCH));
        totalLength = graph.input(DecoderGraph.TOTAL_LENGTH, ElementType.INT32, Dimension.of(1));
        // The angles of late positions need fp32 in either graph; their cosines do not.
        Value angles = angles();
        cos = convert(ops.cos("rope_cos", angles), ElementType.FLOAT, activations);
        sin = convert(ops.sin("rope_sin", angles), ElementType.FLOAT, activations);
    }

    Operators ops() {
        return ops;
    }

    OnnxGraph graph() {
        return graph;
    }

    /** A norm's gains in the type of activations. */
    Value gain(String name) throws IOException {
        ExternalTensor stored = weights.tensor(name);
        return convert(initializer(stored), stored.type(), activations);
    }

    /** Rows of the embedding in the type of activations. */
    Value embed(String name, Value ids) throws IOException {
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

    /** Logits: by the embedding, or by a weight of the head's own. */
    Value head(String name, Value input) throws IOException {
        StoredMatrix weight = config.tieWordEmbeddings()
                ? weights.embedding(Architecture.EMBEDDING)
                : weights.linears(DecoderGraph.LOGITS, List.of(Architecture.HEAD))
                        .getFirst();
        return multiply(name, input, weight);
    }

    /** Linears over one input, their outputs one behind the other. */
    Value linear(String name, Value input, List<String> weightNames) throws IOException {
        List<StoredMatrix> matrices = weights.linears(name, weightNames);
        if (matrices.size() == 1) {
            return multiply(name, input, matrices.getFirst());
        }
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < matrices.size(); i++) {
            outputs.add(multiply(name + "_" + i, input, matrices.get(i)));
        }
        return ops.concatLast(name, outputs);
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
    Value attention(int layer, Value packed) {
        Dimension[] cache = {
            Dimension.of(DecoderGraph.BATCH),
            Dimension.of(config.kvHeads()),
            Dimension.of(DecoderGraph.CAPACITY),
            Dimension.of(config.headDim())
        };
        Value pastKey = graph.input(DecoderGraph.pastKey(layer), activations, cache);
        Value pastValue = graph.input(DecoderGraph.pastValue(layer), activations, cache);
        List<Value> outputs = ops.attention(
                "layer_" + layer + "_attention",
                packed,
                new Operators.AttentionState(pastKey, pastValue, lastPositions, totalLength, cos, sin),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                List.of(DecoderGraph.presentKey(layer), DecoderGraph.presentValue(layer)));
        for (Value present : outputs.subList(1, 3)) {
            graph.output(present, activations, cache);
        }
        return outputs.getFirst();
    }

    /**
     * Rotation angles {@code [maxPositions, headDim/2]} in fp32: computed when the model is loaded, not stored, since the tables of
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
