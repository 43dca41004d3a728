package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.WeightsFile;
import dev.fewbit.model.packing.CodePacking;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a model's weights anew, quantized ones in a wider layout of the same values, and its graph to match. */
final class WidenedModel implements AutoCloseable {
    private final ModelProto stored;
    private final ExternalWeights source;
    private final WeightsFile target;
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();
    private final Set<String> removedNodes = new HashSet<>();
    private final GraphProto.Builder graph;

    WidenedModel(Path artifact, ModelProto stored, Path directory) throws IOException {
        this.stored = stored;
        source = new ExternalWeights(artifact.resolve(DecoderGraph.WEIGHTS_FILE));
        target = WeightsFile.create(directory.resolve(DecoderGraph.WEIGHTS_FILE));
        graph = stored.getGraph().toBuilder().clearNode().clearInitializer();
        stored.getGraph().getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        stored.getGraph()
                .getNodeList()
                .forEach(node -> node.getOutputList().forEach(output -> producers.put(output, node)));
    }

    /** Writes the weights and returns the graph over them. */
    ModelProto write(ArithmeticMode mode) throws IOException {
        Map<String, List<NodeProto>> nodes = new HashMap<>();
        for (NodeProto node : stored.getGraph().getNodeList()) {
            if (ModelPreparation.isQuantized(node)) {
                nodes.put(node.getName(), widen(node, mode));
            }
        }
        for (NodeProto node : stored.getGraph().getNodeList()) {
            if (!removedNodes.contains(node.getName())) {
                graph.addAllNode(nodes.getOrDefault(node.getName(), List.of(node)));
            }
        }
        for (TensorProto tensor : stored.getGraph().getInitializerList()) {
            if (replaced.contains(tensor.getName())) {
                continue;
            }
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                long[] shape =
                        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
                add(tensor.getName(), ElementType.ofNumber(tensor.getDataType()), source.read(tensor), shape);
            } else {
                graph.addInitializer(tensor);
            }
        }
        return stored.toBuilder().setGraph(graph).build();
    }

    private List<NodeProto> widen(NodeProto node, ArithmeticMode mode) throws IOException {
        int bits = ModelPreparation.attribute(node, "bits");
        return switch (ModelPreparation.Layout.of(bits, mode)) {
            case AS_STORED -> {
                NodeProto.Builder same = node.toBuilder();
                ModelPreparation.setAttribute(same, "accuracy_level", ModelPreparation.accuracyLevel(mode));
                yield List.of(same.build());
            }
            case FOUR_BITS -> List.of(toFourBits(node, bits, mode));
            case FP32 -> toDense(node, bits);
        };
    }

    private NodeProto toFourBits(NodeProto node, int bits, ArithmeticMode mode) throws IOException {
        TensorProto codes = replace(node.getInput(1));
        long n = codes.getDims(0);
        long blocks = codes.getDims(1);
        long blockSize = ModelPreparation.attribute(node, "block_size");
        boolean symmetric = node.getInputCount() < 4;
        try (Arena arena = Arena.ofConfined()) {
            long wideBytes = blockSize * CodePacking.WIDE_BITS / Byte.SIZE;
            MemorySegment wide = arena.allocate(n * blocks * wideBytes);
            CodePacking.expandTo4Bits(source.read(codes), bits, n * blocks * blockSize, symmetric, wide);
            add(codes.getName(), ElementType.UINT8, wide, n, blocks, wideBytes);
        }
        if (!symmetric) {
            TensorProto zeroPoints = replace(node.getInput(3));
            byte[] wide = CodePacking.expandZeroPointsTo4Bits(
                    source.read(zeroPoints).toArray(ValueLayout.JAVA_BYTE),
                    bits,
                    Math.toIntExact(n),
                    Math.toIntExact(blocks));
            add(zeroPoints.getName(), ElementType.UINT8, MemorySegment.ofArray(wide), n, wide.length / n);
        }
        NodeProto.Builder widened = node.toBuilder();
        ModelPreparation.setAttribute(widened, "bits", CodePacking.WIDE_BITS);
        ModelPreparation.setAttribute(widened, "accuracy_level", ModelPreparation.accuracyLevel(mode));
        return widened.build();
    }

    private List<NodeProto> toDense(NodeProto node, int bits) throws IOException {
        TensorProto codes = replace(node.getInput(1));
        NodeProto widenScales = producers.get(node.getInput(2));
        removedNodes.add(widenScales.getName());
        MemorySegment scales = source.read(replace(widenScales.getInput(0)));
        MemorySegment zeroPoints = node.getInputCount() < 4 ? null : source.read(replace(node.getInput(3)));
        int n = Math.toIntExact(codes.getDims(0));
        int k = ModelPreparation.attribute(node, "K");
        int blockSize = ModelPreparation.attribute(node, "block_size");
        BlockQuantizedWeight weight =
                new BlockQuantizedWeight(bits, blockSize, n, k, source.read(codes), scales, zeroPoints);
        String name = codes.getName() + "_fp32";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dense = arena.allocate((long) n * k * Float.BYTES);
            weight.dequantize(dense);
            add(name, ElementType.FLOAT, dense, n, k);
        }
        String transposed = name + "_kn";
        return List.of(
                NodeProto.newBuilder()
                        .setName(transposed)
                        .setOpType("Transpose")
                        .addInput(name)
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

    private TensorProto replace(String initializer) {
        replaced.add(initializer);
        return initializers.get(initializer);
    }

    private void add(String name, ElementType type, MemorySegment bytes, long... shape) throws IOException {
        graph.addInitializer(target.write(name, type, shape, List.of(bytes)).proto());
    }

    @Override
    public void close() throws IOException {
        try (source) {
            target.close();
        }
    }
}
