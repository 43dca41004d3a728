package dev.fewbit.model.onnx;

import java.util.Arrays;

/** Types of tensor elements, with their number in ONNX's {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT(1, Float.BYTES),
    UINT8(2, Byte.BYTES),
    INT8(3, Byte.BYTES),
    INT32(6, Integer.BYTES),
    INT64(7, Long.BYTES),
    FLOAT16(10, Short.BYTES),
    BFLOAT16(16, Short.BYTES);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** The number in {@code TensorProto.DataType}. */
    public int number() {
        return number;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The type with a number of {@code TensorProto.DataType}. */
    public static ElementType ofNumber(int number) {
        return Arrays.stream(values())
                .filter(type -> type.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("element type " + number + " is none that we write"));
    }
}
