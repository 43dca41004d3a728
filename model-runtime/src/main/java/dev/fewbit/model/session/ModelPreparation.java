package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.DecoderMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands between an artifact and a session. No kernel reads 3 bits; 2 and 8 bits have a fast kernel only with int8
 * activations. So an exact session widens 2 and 3 bits to the 4-bit layout, which has an fp32 kernel, and 8 bits to fp32; a
 * fast one widens only 3 bits. Widening changes the layout, never a weight. A model that needs none of it is loaded from its
 * own files, with the accuracy level set by the mode.
 */
final class ModelPreparation {
    /** Nothing is rounded but the weights. */
    private static final int FP32_ACTIVATIONS = 0;
    /** Activations in int8. */
    private static final int INT8_ACTIVATIONS = 4;

    private ModelPreparation() {}

    /** How a MatMulNBits is run. */
    enum Layout {
        AS_STORED,
        FOUR_BITS,
        FP32;

        static Layout of(int bits, ArithmeticMode mode) {
            return switch (mode) {
                case EXACT ->
                    switch (bits) {
                        case 4 -> AS_STORED;
                        case 8 -> FP32;
                        default -> FOUR_BITS;
                    };
                case FAST -> bits == 3 ? FOUR_BITS : AS_STORED;
            };
        }
    }

    /**
     * A model ready for a session.
     *
     * @param model its protocol buffer
     * @param directory of its weights
     * @param scratch the directory, where it is a scratch one
     */
    record Prepared(ModelProto model, Path directory, Optional<ScratchDirectory> scratch) implements AutoCloseable {
        /** Once the session is made: removes what was written for it. */
        @Override
        public void close() throws IOException {
            if (scratch.isPresent()) {
                scratch.get().close();
            }
        }
    }

    static Prepared prepare(Path artifact, ArithmeticMode mode, Path scratchDirectory) throws IOException {
        ModelProto stored = read(artifact);
        List<NodeProto> quantized = stored.getGraph().getNodeList().stream()
                .filter(ModelPreparation::isQuantized)
                .toList();
        boolean widen =
                quantized.stream().anyMatch(node -> Layout.of(attribute(node, "bits"), mode) != Layout.AS_STORED);
        if (!widen) {
            ModelProto.Builder model = stored.toBuilder();
            model.getGraphBuilder().getNodeBuilderList().stream()
                    .filter(node -> isQuantized(node.build()))
                    .forEach(node -> setAttribute(node, "accuracy_level", accuracyLevel(mode)));
            return new Prepared(model.build(), artifact, Optional.empty());
        }
        ScratchDirectory scratch = ScratchDirectory.create(scratchDirectory);
        try (WidenedModel widened = new WidenedModel(artifact, stored, scratch.path())) {
            Prepared prepared = new Prepared(widened.write(mode), scratch.path(), Optional.of(scratch));
            scratch = null;
            return prepared;
        } finally {
            if (scratch != null) {
                scratch.close();
            }
        }
    }

    /** What the model says about itself. */
    static DecoderMetadata metadata(Path artifact, ModelProto model) {
        Map<String, String> properties = new HashMap<>();
        for (StringStringEntryProto property : model.getMetadataPropsList()) {
            properties.put(property.getKey(), property.getValue());
        }
        try {
            return DecoderMetadata.of(properties);
        } catch (IllegalArgumentException e) {
            throw new InvalidArtifactException(artifact.resolve(DecoderGraph.MODEL_FILE), e.getMessage(), e);
        }
    }

    static int accuracyLevel(ArithmeticMode mode) {
        return mode == ArithmeticMode.EXACT ? FP32_ACTIVATIONS : INT8_ACTIVATIONS;
    }

    static boolean isQuantized(NodeProto node) {
        return node.getOpType().equals("MatMulNBits");
    }

    static int attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToInt(attribute -> Math.toIntExact(attribute.getI()))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("node " + node.getName() + " has no attribute " + name));
    }

    static void setAttribute(NodeProto.Builder node, String name, long value) {
        for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            if (attribute.getName().equals(name)) {
                attribute.setI(value);
                return;
            }
        }
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value));
    }

    static ModelProto read(Path artifact) throws IOException {
        Path file = artifact.resolve(DecoderGraph.MODEL_FILE);
        try {
            return ModelProto.parseFrom(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new InvalidArtifactException(file, "is missing", e);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidArtifactException(file, "is no ONNX model: " + e.getMessage(), e);
        }
    }
}
