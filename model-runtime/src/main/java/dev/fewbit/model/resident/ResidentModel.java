package dev.fewbit.model.resident;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.onnx.ElementType;
import java.util.HashMap;
import java.util.Map;

/**
 * What a graph says about the sizes of its decoder.
 *
 * @param layers with keys and values
 * @param kvHeads of a layer
 * @param headDim width of a head
 * @param vocabulary tokens
 * @param top candidates of a row
 * @param weightBytes of all initializers
 * @param largestLinear numbers of the largest quantized linear
 * @param widest outputs of the widest linear but the head
 */
record ResidentModel(
        int layers,
        int kvHeads,
        int headDim,
        int vocabulary,
        int top,
        long weightBytes,
        long largestLinear,
        int widest) {
    /** Where nothing is quantized, so that no node tells. */
    private static final int WIDE = 1 << 15;
    /** Attention reads keys in tiles. */
    private static final int CAPACITY_STEP = 8;

    static ResidentModel of(ModelProto model) {
        GraphProto graph = model.getGraph();
        Map<String, ValueInfoProto> outputs = new HashMap<>();
        graph.getOutputList().forEach(output -> outputs.put(output.getName(), output));
        int layers = 0;
        while (outputs.containsKey(DecoderGraph.presentKey(layers))) {
            layers++;
        }
        ValueInfoProto keys = outputs.get(DecoderGraph.presentKey(0));
        long bytes = 0;
        for (TensorProto tensor : graph.getInitializerList()) {
            bytes += bytes(tensor);
        }
        long largest = 0;
        long widest = 0;
        int vocabulary = dimension(outputs.get(DecoderGraph.LOGITS), 1);
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("MatMulNBits")) {
                long n = attribute(node, "N");
                largest = Math.max(largest, n * attribute(node, "K"));
                widest = n == vocabulary ? widest : Math.max(widest, n);
            }
        }
        return new ResidentModel(
                layers,
                dimension(keys, 1),
                dimension(keys, 3),
                vocabulary,
                dimension(outputs.get(DecoderGraph.TOP_LOGITS), 1),
                bytes,
                largest,
                widest == 0 ? WIDE : Math.toIntExact(widest));
    }

    /** The cache of so many slots. */
    CacheShape cache(int slots, int capacity, ElementType type) {
        return new CacheShape(layers, slots, kvHeads, capacity, headDim, type);
    }

    /** Tokens that a slot has room for: one more than the longest sequence, where an idle row writes. */
    static int capacity(int maxLength) {
        return Math.ceilDiv(maxLength + 1, CAPACITY_STEP) * CAPACITY_STEP;
    }

    /** What a decoder of this model needs, its weights held in so many bytes. */
    MemoryPlan.Needs needs(long weights, int maxLength, ElementType type) {
        return new MemoryPlan.Needs(
                weights, cache(1, capacity(maxLength), type).allBytes(), maxLength, widest, vocabulary, largestLinear);
    }

    private static long bytes(TensorProto tensor) {
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (entry.getKey().equals("length")) {
                return Long.parseLong(entry.getValue());
            }
        }
        return tensor.getSerializedSize();
    }

    static long attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToLong(attribute -> attribute.getI())
                .findFirst()
                .orElse(0);
    }

    private static int dimension(ValueInfoProto value, int index) {
        return Math.toIntExact(
                value.getType().getTensorType().getShape().getDim(index).getDimValue());
    }
}
