package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fewbit.model.architecture.DecoderGraph;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where numbers that are not finite come from: the step that gave them is run again over the same cache by a graph that brings back
 * what every node of a layer computes, and the first node with such a number is named. Only run once something is wrong; it loads the
 * model a second time.
 */
final class NonFiniteSearch {
    private static final Set<String> CARRIERS = Set.of("Cast", "Transpose", "Reshape");

    private final Path artifact;
    private final SessionSettings settings;

    NonFiniteSearch(Path artifact, SessionSettings settings) {
        this.artifact = artifact;
        this.settings = settings;
    }

    /**
     * Name of the first node whose output is not finite, such as {@code layer_3_gate_up}; empty when the second run shows none.
     *
     * @param inputs of the step, caches among them
     * @param present the caches, by output name
     */
    Optional<String> first(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> present)
            throws OrtException, IOException {
        try (ModelPreparation.Prepared prepared =
                ModelPreparation.prepare(artifact, settings.mode(), settings.scratchDirectory())) {
            List<String> names = new ArrayList<>();
            ModelProto model = showing(prepared.model(), names);
            try (OrtSession.SessionOptions options = SessionOptionsFactory.create(settings, prepared.directory());
                    OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
                    OrtSession.Result result = session.run(inputs, new HashSet<>(names), present)) {
                return names.stream()
                        .filter(name -> !isFinite(result.get(name).orElseThrow()))
                        .findFirst();
            }
        }
    }

    /** The model with the outputs of its nodes as outputs of its own, their names in the order of computation. */
    private static ModelProto showing(ModelProto model, List<String> names) {
        Set<String> outputs = new HashSet<>();
        model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
        Set<String> computed = new HashSet<>(Set.of(DecoderGraph.INPUT_IDS));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        for (NodeProto node : model.getGraph().getNodeList()) {
            // What depends on no token is a constant, folded when the model is loaded.
            if (node.getInputList().stream().noneMatch(computed::contains)) {
                continue;
            }
            node.getOutputList().stream().filter(name -> !name.isEmpty()).forEach(computed::add);
            String name = node.getOutput(0);
            if (!CARRIERS.contains(node.getOpType()) && !name.equals(DecoderGraph.TOP_LOGITS)) {
                names.add(name);
                if (outputs.add(name)) {
                    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
                }
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static boolean isFinite(OnnxValue value) {
        if (!(value instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT) {
            return true;
        }
        FloatBuffer numbers = tensor.getFloatBuffer();
        while (numbers.hasRemaining()) {
            if (!Float.isFinite(numbers.get())) {
                return false;
            }
        }
        return true;
    }
}
