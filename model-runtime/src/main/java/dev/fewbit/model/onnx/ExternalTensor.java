package dev.fewbit.model.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in a file beside the model.
 *
 * @param name of the initializer
 * @param type of its elements
 * @param shape row-major
 * @param file name of the file, in the model's directory
 * @param offset of the first byte
 * @param length in bytes
 */
public record ExternalTensor(String name, ElementType type, List<Long> shape, String file, long offset, long length) {
    public ExternalTensor {
        shape = List.copyOf(shape);
    }

    static List<Long> shape(long... dimensions) {
        return Arrays.stream(dimensions).boxed().toList();
    }

    /** The same bytes under another name and in another shape. */
    public ExternalTensor as(String other, long... dimensions) {
        long elements = 1;
        for (long size : dimensions) {
            elements = Math.multiplyExact(elements, size);
        }
        if (elements * type.bytes() != length) {
            throw new IllegalArgumentException(
                    "tensor " + name + " has " + length + " bytes, its new shape needs " + elements * type.bytes());
        }
        return new ExternalTensor(other, type, shape(dimensions), file, offset, length);
    }

    /** The initializer as a model names it. */
    public TensorProto proto() {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.number())
                .addAllDims(shape)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", file))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(length)))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
