package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.OnnxGraph;
import dev.fewbit.model.packing.CodePacking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rewrites a graph to match weights in a wider layout of the same values; nodes and tensors that nothing reads any more go. */
final class WidenedModel {
    private final ModelProto stored;
    private final WidenedWeights weights;
    private final Widening widening;
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    /** New tensors, those in the place of a stored one under its name. */
    private final Map<String, TensorProto> widened = new LinkedHashMap<>();

    private WidenedModel(ModelProto stored, WidenedWeights weights, Widening widening) {
        this.stored = stored;
        this.weights = weights;
        this.widening = widening;
        stored.getGraph().getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        stored.getGraph()
                .getNodeList()
                .forEach(node -> node.getOutputList().forEach(output -> producers.put(output, node)));
    }

    /** Writes the weights of {@code stored} and returns the graph over them. */
    static ModelProto write(ModelProto stored, WidenedWeights weights, Widening widening) throws IOException {
        return new WidenedModel(stored, weights, widening).write();
    }

    private ModelProto write() throws IOException {
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : stored.getGraph().getNodeList()) {
            if (ModelPreparation.isQuantized(node)) {
                nodes.addAll(widen(node));
            } else {
                nodes.add(node);
            }
        }
        Set<String> read = new HashSet<>();
        stored.getGraph().getOutputList().stream().map(ValueInfoProto::getName).forEach(read::add);
        List<NodeProto> live = live(nodes, read);
        GraphProto.Builder graph =
                stored.getGraph().toBuilder().clearNode().clearInitializer().addAllNode(live);
        for (TensorProto tensor : stored.getGraph().getInitializerList()) {
            if (read.contains(tensor.getName())) {
                graph.addInitializer(replaced(tensor));
            }
        }
        widened.values().stream()
                .filter(tensor -> !initializers.containsKey(tensor.getName()))
                .forEach(graph::addInitializer);
        return stored.toBuilder().setGraph(graph).build();
    }

    private TensorProto replaced(TensorProto tensor) throws IOException {
        if (widened.containsKey(tensor.getName())) {
            return widened.get(tensor.getName());
        }
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL ? weights.copy(tensor) : tensor;
    }

    /** The nodes that something reads, in their order. Their inputs are added to {@code read}. */
    private static List<NodeProto> live(List<NodeProto> nodes, Set<String> read) {
        List<NodeProto> live = new ArrayList<>();
        for (NodeProto node : nodes.reversed()) {
            if (node.getOutputList().stream().anyMatch(read::contains)) {
                live.add(node);
                read.addAll(node.getInputList());
            }
        }
        return live.reversed();
    }

    private List<NodeProto> widen(NodeProto node) throws IOException {
        int bits = ModelPreparation.attribute(node, "bits");
        return switch (widening.layout(bits)) {
            case AS_STORED -> List.of(withLevel(node.toBuilder()));
            case FOUR_BITS -> List.of(toFourBits(node, bits));
            case FP32 -> toDense(node, bits);
            case FP16 -> List.of(toHalf(node, bits));
        };
    }

    private NodeProto withLevel(NodeProto.Builder node) {
        widening.accuracyLevel().ifPresent(level -> ModelPreparation.setAttribute(node, "accuracy_level", level));
        return node.build();
    }

    private NodeProto toFourBits(NodeProto node, int bits) throws IOException {
        TensorProto codes = initializers.get(node.getInput(1));
        boolean symmetric = node.getInputCount() < 4;
        int blockSize = ModelPreparation.attribute(node, "block_size");
        add(weights.codesIn4Bits(codes, bits, blockSize, symmetric));
        if (!symmetric) {
            TensorProto zeroPoints = initializers.get(node.getInput(3));
            add(weights.zeroPointsIn4Bits(zeroPoints, bits, codes.getDims(0), codes.getDims(1)));
        }
        NodeProto.Builder wide = node.toBuilder();
        ModelPreparation.setAttribute(wide, "bits", CodePacking.WIDE_BITS);
        return withLevel(wide);
    }

    private List<NodeProto> toDense(NodeProto node, int bits) throws IOException {
        TensorProto dense = dense(node, bits, ElementType.FLOAT);
        String transposed = dense.getName() + "_kn";
        return List.of(
                NodeProto.newBuilder()
                        .setName(transposed)
                        .setOpType("Transpose")
                        .addInput(dense.getName())
                        .addOutput(transposed)
                        .build(),
                NodeProto.newBuilder()
                        .setName(node.getName())
                        .setOpType("MatMul")
                        .addInput(node.getInput(0))
                        .addInput(transposed)
                        .addOutput(node.getOutput(0))
                        .build());
    }

    /** A product that reads its weight as it lies: CUDA's libraries transpose at no cost, and loading does not. */
    private NodeProto toHalf(NodeProto node, int bits) throws IOException {
        return NodeProto.newBuilder()
                .setName(node.getName())
                .setOpType("FusedMatMul")
                .setDomain(OnnxGraph.MICROSOFT)
                .addInput(node.getInput(0))
                .addInput(dense(node, bits, ElementType.FLOAT16).getName())
                .addOutput(node.getOutput(0))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("transB")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1))
                .build();
    }

    private TensorProto dense(NodeProto node, int bits, ElementType type) throws IOException {
        NodeProto cast = producers.get(node.getInput(2));
        TensorProto dense = weights.dense(
                initializers.get(node.getInput(1)),
                initializers.get(cast == null ? node.getInput(2) : cast.getInput(0)),
                node.getInputCount() < 4 ? null : initializers.get(node.getInput(3)),
                bits,
                ModelPreparation.attribute(node, "block_size"),
                ModelPreparation.attribute(node, "K"),
                type);
        add(dense);
        return dense;
    }

    private void add(TensorProto tensor) {
        widened.put(tensor.getName(), tensor);
    }
}
