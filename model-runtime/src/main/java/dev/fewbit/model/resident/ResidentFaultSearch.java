package dev.fewbit.model.resident;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.device.DeviceMemory;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.NativeBinding;
import dev.fewbit.model.ort.NativeSession;
import dev.fewbit.model.ort.NativeTensor;
import dev.fewbit.model.ort.RunSettings;
import dev.fewbit.model.session.ModelPreparation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Where numbers that are not finite come from, on a device: the step that gave them is run again over the same cache by a graph that also
 * boils every linear's, norm's and attention's output down to one number, finite if all of them are, so that nothing large leaves the
 * device. Only run once something is wrong; it loads the model a second time, without recording.
 */
final class ResidentFaultSearch {
    private static final String PREFIX = "fault_search_";
    private static final String FOUND = PREFIX + "found";
    private static final Set<String> SEARCHED = Set.of(
            "MatMulNBits",
            "MatMul",
            "FusedMatMul",
            "GroupQueryAttention",
            "LayerNormalization",
            "SimplifiedLayerNormalization",
            "SkipLayerNormalization",
            "SkipSimplifiedLayerNormalization");

    private final ModelSource source;

    ResidentFaultSearch(ModelSource source) {
        this.source = source;
    }

    /**
     * Name of the first output that is not finite, such as {@code layer_3_gate_up}; empty when the second run shows none.
     *
     * @param step binds the step's inputs and outputs
     */
    Optional<String> first(Function<NativeBinding, StepArea.Views> step) throws IOException {
        Placement placement = source.placement();
        DeviceMemory memory = placement.memory();
        try (ModelPreparation.Prepared prepared = source.prepare()) {
            List<String> names = new ArrayList<>();
            ModelProto model = searching(prepared.model(), names);
            long bytes = (long) names.size() * Float.BYTES;
            long address = memory.allocate(bytes);
            try (NativeSession session = source.loadPlain(prepared, model);
                    RunSettings plain = RunSettings.plain(placement.api());
                    NativeBinding binding = session.newBinding();
                    StepArea.Views _ = step.apply(binding);
                    NativeTensor found = placement.tensor(address, ElementType.FLOAT, 1, names.size())) {
                binding.output(FOUND, found);
                session.run(binding, plain);
                MemorySegment numbers = memory.hostBuffer(bytes);
                memory.download(numbers, address);
                memory.synchronize();
                for (int i = 0; i < names.size(); i++) {
                    if (!Float.isFinite(numbers.getAtIndex(JAVA_FLOAT, i))) {
                        return Optional.of(names.get(i));
                    }
                }
                return Optional.empty();
            } finally {
                memory.free(address);
            }
        }
    }

    /** The model with a further output, a number for each of {@code names}, which are found in the order of computation. */
    private static ModelProto searching(ModelProto model, List<String> names) {
        Set<String> computed = new HashSet<>(Set.of(DecoderGraph.INPUT_IDS));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        List<String> numbers = new ArrayList<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            // What depends on no token is a weight on its way to another type.
            if (node.getInputList().stream().noneMatch(computed::contains)) {
                continue;
            }
            computed.addAll(node.getOutputList());
            if (SEARCHED.contains(node.getOpType())) {
                String name = node.getOutput(0);
                names.add(name);
                numbers.add(number(graph, name));
            }
        }
        graph.addInitializer(vector(PREFIX + "row", 1, -1)).addInitializer(vector(PREFIX + "first", 0));
        graph.addNode(node("Concat", FOUND, numbers).addAttribute(attribute("axis", 1)));
        graph.addOutput(ValueInfoProto.newBuilder().setName(FOUND));
        return model.toBuilder().setGraph(graph).build();
    }

    /** x - x is 0 or not a number, and one that is not a number makes a whole softmax so: its first number stands for all. */
    private static String number(GraphProto.Builder graph, String of) {
        String name = PREFIX + of;
        graph.addNode(node("Sub", name + "_zeros", List.of(of, of)));
        graph.addNode(node("Cast", name + "_fp32", List.of(name + "_zeros"))
                .addAttribute(attribute("to", ElementType.FLOAT.number())));
        graph.addNode(node("Reshape", name + "_row", List.of(name + "_fp32", PREFIX + "row")));
        graph.addNode(
                node("LogSoftmax", name + "_spread", List.of(name + "_row")).addAttribute(attribute("axis", -1)));
        graph.addNode(node("Gather", name, List.of(name + "_spread", PREFIX + "first"))
                .addAttribute(attribute("axis", 1)));
        return name;
    }

    private static NodeProto.Builder node(String type, String output, List<String> inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(type)
                .addAllInput(inputs)
                .addOutput(output);
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static TensorProto vector(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(ElementType.INT64.number())
                .addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return tensor.build();
    }
}
