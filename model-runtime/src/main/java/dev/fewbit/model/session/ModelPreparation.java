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
import java.util.Map;
import java.util.Optional;

/**
 * What stands between an artifact and a session: a model whose linears have to be widened for the session's mode is rewritten to a
 * scratch directory, any other is loaded from its own files with the accuracy level set by the mode. Widening changes the layout, never
 * a weight.
 *
 * @see Widening
 */
public final class ModelPreparation {
    private ModelPreparation() {}

    /**
     * A model ready for a session.
     *
     * @param model its protocol buffer
     * @param directory of its weights
     * @param scratch the directory, where it is a scratch one
     */
    public record Prepared(ModelProto model, Path directory, Optional<ScratchDirectory> scratch)
            implements AutoCloseable {
        /** Once the session is made: removes what was written for it. */
        @Override
        public void close() throws IOException {
            if (scratch.isPresent()) {
                scratch.get().close();
            }
        }
    }

    static Prepared prepare(Path artifact, ArithmeticMode mode, Path scratchDirectory) throws IOException {
        return prepare(artifact, DecoderGraph.MODEL_FILE, Widening.of(mode), scratchDirectory);
    }

    /**
     * Prepares one of an artifact's graphs.
     *
     * @param graph name of its file
     * @param scratchDirectory where a directory is made for a model that is rewritten
     * @throws InvalidArtifactException when there is no such graph in it, or it is none
     */
    public static Prepared prepare(Path artifact, String graph, Widening widening, Path scratchDirectory)
            throws IOException {
        ModelProto stored = read(artifact, graph);
        if (!needs(stored, widening)) {
            ModelProto.Builder model = stored.toBuilder();
            model.getGraphBuilder().getNodeBuilderList().stream()
                    .filter(node -> isQuantized(node.build()))
                    .forEach(node ->
                            widening.accuracyLevel().ifPresent(level -> setAttribute(node, "accuracy_level", level)));
            return new Prepared(forRuntime(model.build(), widening), artifact, Optional.empty());
        }
        ScratchDirectory scratch = ScratchDirectory.create(scratchDirectory);
        try (WidenedWeights weights = new WidenedWeights(artifact, scratch.path())) {
            Prepared prepared = new Prepared(
                    forRuntime(WidenedModel.write(stored, weights, widening), widening),
                    scratch.path(),
                    Optional.of(scratch));
            scratch = null;
            return prepared;
        } finally {
            if (scratch != null) {
                scratch.close();
            }
        }
    }

    /** Only the processor's kernel of the stored log-sum-exp is slow. */
    private static ModelProto forRuntime(ModelProto model, Widening widening) {
        return widening.accuracyLevel().isPresent() ? SoftmaxLogSumExp.in(model) : model;
    }

    /** Whether a model has linears that are not left as they are stored. */
    static boolean needs(ModelProto model, Widening widening) {
        return model.getGraph().getNodeList().stream()
                .filter(ModelPreparation::isQuantized)
                .anyMatch(node -> widening.layout(attribute(node, "bits")) != Widening.Layout.AS_STORED);
    }

    /** What the model says about itself. */
    public static DecoderMetadata metadata(Path artifact, ModelProto model) {
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

    /**
     * Reads one of an artifact's graphs as it is stored.
     *
     * @param graph name of its file
     * @throws InvalidArtifactException when there is no such graph in it, or it is none
     */
    public static ModelProto read(Path artifact, String graph) throws IOException {
        Path file = artifact.resolve(graph);
        try {
            return ModelProto.parseFrom(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new InvalidArtifactException(file, "is missing", e);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidArtifactException(file, "is no ONNX model: " + e.getMessage(), e);
        }
    }
}
