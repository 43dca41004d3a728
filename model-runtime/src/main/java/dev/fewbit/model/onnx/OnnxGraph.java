package dev.fewbit.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A graph under construction. Values are made by {@link #input}, {@link #weight}, {@link #constant} and {@link #node},
 * and are used only after they are made, so that the nodes stand in the topological order that ONNX asks for.
 *
 * @see <a href="https://onnx.ai/onnx/repo-docs/IR.html">ONNX IR</a>
 */
public final class OnnxGraph {
    /** Operators of ONNX itself. */
    public static final String ONNX = "";
    /** ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    private static final int IR_VERSION = 10;
    private static final int ONNX_OPSET = 21;
    private static final int MICROSOFT_OPSET = 1;

    private final GraphProto.Builder graph;
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> metadata = new TreeMap<>();

    public OnnxGraph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** Declares an input of the graph. */
    public Value input(String name, ElementType type, Dimension... shape) {
        graph.addInput(describe(name, type, shape));
        return define(name);
    }

    /** Declares a value to be an output of the graph. */
    public void output(Value value, ElementType type, Dimension... shape) {
        graph.addOutput(describe(value.name(), type, shape));
    }

    /** An initializer whose data lie in a file beside the model. */
    public Value weight(ExternalTensor tensor) {
        graph.addInitializer(tensor.proto());
        return define(tensor.name());
    }

    /** A small vector of integers inside the model. */
    public Value constant(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(ElementType.INT64.number())
                .addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return define(name);
    }

    /** An integer scalar inside the model. */
    public Value scalar(String name, long value) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(ElementType.INT64.number())
                .addInt64Data(value));
        return define(name);
    }

    /** A small vector of floats inside the model. */
    public Value constant(String name, float... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(ElementType.FLOAT.number())
                .addDims(values.length);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return define(name);
    }

    /** Notes something about the model that its graph does not say. */
    public void metadata(String key, String value) {
        metadata.put(key, value);
    }

    /** Adds a node with one output, which gets the node's name. */
    public Value node(String domain, String operator, String name, List<Value> inputs, Attributes attributes) {
        return node(domain, operator, name, inputs, attributes, List.of(name)).getFirst();
    }

    /**
     * Adds a node.
     *
     * @param outputs names of its outputs; an empty name leaves an optional output out
     */
    public List<Value> node(
            String domain,
            String operator,
            String name,
            List<Value> inputs,
            Attributes attributes,
            List<String> outputs) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setName(name).setOpType(operator).setDomain(domain);
        for (Value input : inputs) {
            if (!input.equals(Value.NONE) && !names.contains(input.name())) {
                throw new IllegalArgumentException("node " + name + " uses " + input.name() + ", which is not defined");
            }
            node.addInput(input.name());
        }
        List<Value> values = new ArrayList<>();
        for (String output : outputs) {
            node.addOutput(output);
            values.add(output.isEmpty() ? Value.NONE : define(output));
        }
        for (AttributeProto attribute : attributes.protos()) {
            node.addAttribute(attribute);
        }
        graph.addNode(node);
        return values;
    }

    /** The model, with nothing in it that differs between two builds. */
    public ModelProto model() {
        List<StringStringEntryProto> properties = metadata.entrySet().stream()
                .map(property -> entry(property.getKey(), property.getValue()))
                .toList();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("fewbit")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ONNX).setVersion(ONNX_OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(MICROSOFT_OPSET))
                .addAllMetadataProps(properties)
                .setGraph(graph)
                .build();
    }

    /** Writes the model to a file that must not exist yet. */
    public void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            model().writeTo(out);
        }
    }

    /** Bytes of the model as a file. */
    public long size() {
        return model().getSerializedSize();
    }

    private Value define(String name) {
        if (name.isEmpty() || !names.add(name)) {
            throw new IllegalArgumentException("the value name \"" + name + "\" is empty or used twice");
        }
        return new Value(name);
    }

    private static ValueInfoProto describe(String name, ElementType type, Dimension... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (Dimension dimension : shape) {
            TensorShapeProto.Dimension.Builder proto = TensorShapeProto.Dimension.newBuilder();
            switch (dimension) {
                case Dimension.Fixed(long size) -> proto.setDimValue(size);
                case Dimension.Named(String symbol) -> proto.setDimParam(symbol);
            }
            dimensions.addDim(proto);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.number())
                                .setShape(dimensions)))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
