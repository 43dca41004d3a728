package dev.fewbit.model.fused;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.CustomOperator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An fp16 graph with operators of ours where it has what they compute. What a fusion does not fit stays as it is: attention with a window, a
 * cap or half a rotation, an activation other than SiLU, a vocabulary that is no multiple of 8.
 *
 * @param model the graph
 * @param fused what was found and replaced
 * @param linears by the number of their node, as {@code attentions}
 * @param attentions by the number of their node; that of the largest logits is how many are wanted
 */
public record FusedModel(
        ModelProto model, Set<Fusion> fused, List<AttentionNode> attentions, List<LinearNode> linears) {
    static final String ATTENTION = "Int8Attention";
    static final String GATE = "GatedSilu";
    static final String LINEAR = "FewRowsLinear";
    static final String LINEAR_WITH_ZEROS = "FewRowsLinearWithZeros";
    static final String LARGEST = "LargestLogits";

    private static final int EIGHTS = 8;

    /** The fp32 scales of a layer's keys, {@code [batch, kvHeads, capacity]}. */
    public static String keyScales(int layer) {
        return DecoderGraph.pastKey(layer) + "_scale";
    }

    /** As {@link #keyScales}. */
    public static String valueScales(int layer) {
        return DecoderGraph.pastValue(layer) + "_scale";
    }

    /** Rewrites a model as far as {@code wanted} says. */
    public static FusedModel of(ModelProto model, Set<Fusion> wanted) {
        return new Rewriting(model, wanted).rewrite();
    }

    private static final class Rewriting {
        private final ModelProto model;
        private final Set<Fusion> wanted;
        private final Map<String, NodeProto> producers = new HashMap<>();
        private final Map<String, ValueInfoProto> inputs = new HashMap<>();
        private final Map<String, ValueInfoProto> outputs = new HashMap<>();
        private final Map<String, TensorProto> initializers = new HashMap<>();
        private final Set<Fusion> found = EnumSet.noneOf(Fusion.class);
        private final List<AttentionNode> attentions = new ArrayList<>();
        private final List<LinearNode> linears = new ArrayList<>();

        Rewriting(ModelProto model, Set<Fusion> wanted) {
            this.model = model;
            this.wanted = wanted;
            GraphProto graph = model.getGraph();
            graph.getNodeList().forEach(node -> node.getOutputList().forEach(output -> producers.put(output, node)));
            graph.getInputList().forEach(input -> inputs.put(input.getName(), input));
            graph.getOutputList().forEach(output -> outputs.put(output.getName(), output));
            graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        }

        FusedModel rewrite() {
            List<NodeProto> nodes = new ArrayList<>();
            // One cache has one type: all layers or none.
            boolean attention = wanted.contains(Fusion.ATTENTION)
                    && attentionNodes().stream().allMatch(this::isFusable)
                    && !attentionNodes().isEmpty();
            for (NodeProto node : model.getGraph().getNodeList()) {
                if (attention && node.getOpType().equals("GroupQueryAttention")) {
                    found.add(Fusion.ATTENTION);
                    nodes.add(attention(node));
                } else if (wanted.contains(Fusion.LINEARS) && isFewRowsLinear(node)) {
                    found.add(Fusion.LINEARS);
                    nodes.add(linear(node));
                } else if (wanted.contains(Fusion.GATE) && isGate(node)) {
                    found.add(Fusion.GATE);
                    nodes.add(node(
                            GATE, node.getName(), 0, List.of(split(node).getInput(0)), List.of(node.getOutput(0))));
                } else if (wanted.contains(Fusion.LARGEST) && isLargest(node)) {
                    found.add(Fusion.LARGEST);
                    nodes.add(largest(node));
                } else if (!found.contains(Fusion.LARGEST)
                        || !node.getOutputList().contains(DecoderGraph.LOG_SUM_EXP)) {
                    nodes.add(node);
                }
            }
            return new FusedModel(
                    model.toBuilder()
                            .addOpsetImport(OperatorSetIdProto.newBuilder()
                                    .setDomain(CustomOperator.DOMAIN)
                                    .setVersion(1))
                            .setGraph(graph(nodes))
                            .build(),
                    found,
                    List.copyOf(attentions),
                    List.copyOf(linears));
        }

        private GraphProto graph(List<NodeProto> nodes) {
            GraphProto.Builder graph =
                    model.getGraph().toBuilder().clearNode().clearInput().clearOutput();
            Set<String> presents = new HashSet<>();
            for (int layer = 0; layer < attentions.size(); layer++) {
                presents.add(DecoderGraph.presentKey(layer));
                presents.add(DecoderGraph.presentValue(layer));
            }
            Set<String> read = new HashSet<>();
            for (ValueInfoProto output : model.getGraph().getOutputList()) {
                if (!presents.contains(output.getName())) {
                    graph.addOutput(output);
                    read.add(output.getName());
                }
            }
            Map<String, ValueInfoProto> changed = cacheInputs();
            for (ValueInfoProto input : model.getGraph().getInputList()) {
                graph.addInput(changed.getOrDefault(input.getName(), input));
            }
            changed.forEach((name, input) -> {
                if (!inputs.containsKey(name)) {
                    graph.addInput(input);
                }
            });
            List<NodeProto> live = new ArrayList<>();
            for (NodeProto node : nodes.reversed()) {
                if (node.getOutputList().stream().anyMatch(read::contains)) {
                    live.add(node);
                    read.addAll(node.getInputList());
                }
            }
            return graph.addAllNode(live.reversed()).build();
        }

        private Map<String, ValueInfoProto> cacheInputs() {
            Map<String, ValueInfoProto> changed = new HashMap<>();
            for (int layer = 0; layer < attentions.size(); layer++) {
                for (String name : List.of(DecoderGraph.pastKey(layer), DecoderGraph.pastValue(layer))) {
                    ValueInfoProto.Builder codes = inputs.get(name).toBuilder();
                    codes.getTypeBuilder().getTensorTypeBuilder().setElemType(ElementType.INT8.number());
                    changed.put(name, codes.build());
                    String scale = name.equals(DecoderGraph.pastKey(layer)) ? keyScales(layer) : valueScales(layer);
                    ValueInfoProto.Builder scales = inputs.get(name).toBuilder().setName(scale);
                    TensorShapeProto shape = scales.getType().getTensorType().getShape();
                    scales.getTypeBuilder()
                            .getTensorTypeBuilder()
                            .setElemType(ElementType.FLOAT.number())
                            .setShape(shape.toBuilder().removeDim(shape.getDimCount() - 1));
                    changed.put(scale, scales.build());
                }
            }
            return changed;
        }

        private List<NodeProto> attentionNodes() {
            return model.getGraph().getNodeList().stream()
                    .filter(node -> node.getOpType().equals("GroupQueryAttention"))
                    .toList();
        }

        private boolean isFusable(NodeProto node) {
            return AttentionNode.takes(headDim(node))
                    && integer(node, "do_rotary", 0) == 1
                    && integer(node, "rotary_interleaved", 0) == 0
                    && integer(node, "local_window_size", -1) == -1
                    && find(node, "softcap") == null
                    && find(node, "scale") != null
                    && node.getInput(1).isEmpty()
                    && turnsAll(node);
        }

        /** Whether rotary positions turn whole heads. */
        private boolean turnsAll(NodeProto node) {
            NodeProto table = producers.get(node.getInput(7));
            while (table != null && !table.getOpType().equals("Cos")) {
                table = producers.get(table.getInput(0));
            }
            NodeProto angles = table == null ? null : producers.get(table.getInput(0));
            TensorProto frequencies = angles == null ? null : initializers.get(angles.getInput(1));
            return frequencies != null && 2 * frequencies.getDims(0) == headDim(node);
        }

        private int headDim(NodeProto node) {
            return Math.toIntExact(inputs.get(node.getInput(3))
                    .getType()
                    .getTensorType()
                    .getShape()
                    .getDim(3)
                    .getDimValue());
        }

        private NodeProto attention(NodeProto node) {
            int layer = attentions.size();
            attentions.add(new AttentionNode(
                    Math.toIntExact(integer(node, "num_heads", 0)),
                    Math.toIntExact(integer(node, "kv_num_heads", 0)),
                    headDim(node),
                    find(node, "scale").getF()));
            return node(
                    ATTENTION,
                    node.getName(),
                    layer,
                    List.of(
                            node.getInput(0),
                            node.getInput(3),
                            node.getInput(4),
                            keyScales(layer),
                            valueScales(layer),
                            node.getInput(5),
                            node.getInput(7),
                            node.getInput(8)),
                    List.of(node.getOutput(0)));
        }

        private static LinearNode describe(NodeProto node) {
            return new LinearNode(
                    Math.toIntExact(integer(node, "N", 0)),
                    Math.toIntExact(integer(node, "K", 0)),
                    Math.toIntExact(integer(node, "block_size", 0)),
                    node.getInputCount() == 4);
        }

        private static boolean isFewRowsLinear(NodeProto node) {
            return node.getOpType().equals("MatMulNBits")
                    && integer(node, "bits", 0) == 4
                    && node.getInputCount() <= 4
                    && describe(node).isTaken();
        }

        private NodeProto linear(NodeProto node) {
            LinearNode linear = describe(node);
            linears.add(linear);
            return node(
                    linear.zeros() ? LINEAR_WITH_ZEROS : LINEAR,
                    node.getName(),
                    linears.size() - 1,
                    node.getInputList(),
                    List.of(node.getOutput(0)));
        }

        private NodeProto split(NodeProto product) {
            return producers.get(producers.get(product.getInput(0)).getInput(0));
        }

        /** {@code Mul(QuickGelu(first half), second half)}. */
        private boolean isGate(NodeProto node) {
            NodeProto silu = node.getOpType().equals("Mul") ? producers.get(node.getInput(0)) : null;
            if (silu == null
                    || !silu.getOpType().equals("QuickGelu")
                    || find(silu, "alpha").getF() != 1) {
                return false;
            }
            NodeProto split = producers.get(silu.getInput(0));
            return split != null
                    && split.getOpType().equals("Split")
                    && integer(split, "num_outputs", 0) == 2
                    && split.getOutput(0).equals(silu.getInput(0))
                    && split.getOutput(1).equals(node.getInput(1));
        }

        private boolean isLargest(NodeProto node) {
            NodeProto cast = node.getOpType().equals("TopK") ? producers.get(node.getInput(0)) : null;
            return cast != null
                    && cast.getOpType().equals("Cast")
                    && cast.getOutput(0).equals(DecoderGraph.LOGITS)
                    && dimension(DecoderGraph.LOGITS) % EIGHTS == 0;
        }

        private NodeProto largest(NodeProto node) {
            return node(
                    LARGEST,
                    node.getName(),
                    Math.toIntExact(dimension(DecoderGraph.TOP_LOGITS)),
                    List.of(producers.get(DecoderGraph.LOGITS).getInput(0)),
                    List.of(node.getOutput(0), node.getOutput(1), DecoderGraph.LOG_SUM_EXP));
        }

        private long dimension(String output) {
            return outputs.get(output)
                    .getType()
                    .getTensorType()
                    .getShape()
                    .getDim(1)
                    .getDimValue();
        }
    }

    private static NodeProto node(String operator, String name, int number, List<String> inputs, List<String> outputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setDomain(CustomOperator.DOMAIN)
                .setName(name)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAttribute(AttributeProto.newBuilder()
                        .setName(CustomOperator.NODE)
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(number))
                .build();
    }

    private static AttributeProto find(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static long integer(NodeProto node, String name, long otherwise) {
        AttributeProto attribute = find(node, name);
        return attribute == null ? otherwise : attribute.getI();
    }
}
