package dev.fewbit.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.List;

/** Attributes of a node, in the order in which they were set. */
public final class Attributes {
    private final List<AttributeProto> protos = new ArrayList<>();

    private Attributes() {}

    /** No attributes: a start, or all a node needs. */
    public static Attributes none() {
        return new Attributes();
    }

    public Attributes with(String name, long value) {
        protos.add(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build());
        return this;
    }

    public Attributes with(String name, float value) {
        protos.add(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build());
        return this;
    }

    public Attributes with(String name, List<Long> values) {
        protos.add(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build());
        return this;
    }

    List<AttributeProto> protos() {
        return protos;
    }
}
