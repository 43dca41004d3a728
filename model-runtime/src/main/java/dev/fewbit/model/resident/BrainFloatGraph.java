package dev.fewbit.model.resident;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.onnx.ElementType;
import java.util.HashMap;
import java.util.Map;

/**
 * A graph of fp16 activations as one of bf16: its casts go to bf16, its cache is bf16, and what is stored as fp16 (scales of blocks,
 * constants) is cast on the way, which a runtime does once when it loads the model.
 */
final class BrainFloatGraph {
    private static final String CAST = "Cast";
    private static final String SUFFIX = "_as_bf16";

    private BrainFloatGraph() {}

    static ModelProto of(ModelProto half) {
        GraphProto.Builder graph = half.getGraph().toBuilder().clearNode();
        Map<String, String> casts = new HashMap<>();
        for (TensorProto tensor : half.getGraph().getInitializerList()) {
            if (tensor.getDataType() == ElementType.FLOAT16.number()) {
                casts.put(tensor.getName(), tensor.getName() + SUFFIX);
                graph.addNode(NodeProto.newBuilder()
                        .setName(tensor.getName() + SUFFIX)
                        .setOpType(CAST)
                        .addInput(tensor.getName())
                        .addOutput(tensor.getName() + SUFFIX)
                        .addAttribute(to(ElementType.BFLOAT16)));
            }
        }
        for (NodeProto node : half.getGraph().getNodeList()) {
            graph.addNode(node.getOpType().equals(CAST) ? cast(node) : over(node, casts));
        }
        graph.getInputBuilderList().forEach(BrainFloatGraph::retype);
        graph.getOutputBuilderList().forEach(BrainFloatGraph::retype);
        return half.toBuilder().setGraph(graph).build();
    }

    private static NodeProto cast(NodeProto node) {
        boolean toHalf = node.getAttributeList().stream()
                .anyMatch(attribute ->
                        attribute.getName().equals("to") && attribute.getI() == ElementType.FLOAT16.number());
        return toHalf
                ? node.toBuilder()
                        .clearAttribute()
                        .addAttribute(to(ElementType.BFLOAT16))
                        .build()
                : node;
    }

    private static NodeProto over(NodeProto node, Map<String, String> casts) {
        NodeProto.Builder changed = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            changed.setInput(i, casts.getOrDefault(node.getInput(i), node.getInput(i)));
        }
        return changed.build();
    }

    private static void retype(ValueInfoProto.Builder value) {
        if (value.getType().getTensorType().getElemType() == ElementType.FLOAT16.number()) {
            value.getTypeBuilder().getTensorTypeBuilder().setElemType(ElementType.BFLOAT16.number());
        }
    }

    private static AttributeProto to(ElementType type) {
        return AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.number())
                .build();
    }
}
