package dev.fewbit.model.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.onnx.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An operator written here, called by ONNX Runtime on the processor. */
// Tensors come as addresses.
@SuppressWarnings("restricted")
class CustomOperatorsTest {
    private static final float[] INPUT = {1, 2, 3, 4, 5, 6};

    @Test
    void shouldComputeNodesByTheirNumberWhenAGraphHasThem() {
        // Given: a node that multiplies by its number
        CustomOperator.Kernel kernel = (node, call) -> {
            long[] shape = call.shape(0);
            MemorySegment in = floats(call.input(0), shape);
            MemorySegment out = floats(call.output(0, shape), shape);
            for (int i = 0; i < shape[0] * shape[1]; i++) {
                out.setAtIndex(ValueLayout.JAVA_FLOAT, i, node * in.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            }
        };

        // When
        float[] found = run(kernel, 7);

        // Then
        assertThat(found).containsExactly(7, 14, 21, 28, 35, 42);
    }

    @Test
    void shouldFailTheRunWhenAKernelThrows() {
        // Given
        CustomOperator.Kernel kernel = (node, call) -> {
            throw new IllegalStateException("no such luck");
        };

        // When, then
        assertThatThrownBy(() -> run(kernel, 0))
                .isInstanceOf(OnnxRuntimeException.class)
                .hasMessageContaining("Times")
                .hasMessageContaining("no such luck");
    }

    private static MemorySegment floats(long address, long[] shape) {
        return MemorySegment.ofAddress(address).reinterpret(shape[0] * shape[1] * Float.BYTES);
    }

    private static float[] run(CustomOperator.Kernel kernel, int node) {
        OrtApi api = OrtLibrary.bundled();
        CustomOperator operator =
                new CustomOperator("Times", List.of(ElementType.FLOAT), List.of(ElementType.FLOAT), kernel);
        try (Arena arena = Arena.ofConfined();
                CustomOperators operators = new CustomOperators(api, CustomOperators.PROCESSOR, List.of(operator));
                NativeOptions options = new NativeOptions(api, 1).operators(operators);
                NativeSession session = new NativeSession(api, model(node), options);
                NativeMemory memory = NativeMemory.host(api);
                NativeBinding binding = session.newBinding();
                RunSettings settings = RunSettings.plain(api)) {
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_FLOAT, INPUT);
            MemorySegment out = arena.allocate(in.byteSize());
            try (NativeTensor x = new NativeTensor(api, memory, in.address(), ElementType.FLOAT, 2, 3);
                    NativeTensor y = new NativeTensor(api, memory, out.address(), ElementType.FLOAT, 2, 3)) {
                binding.input("x", x);
                binding.output("y", y);
                session.run(binding, settings);
                return out.toArray(ValueLayout.JAVA_FLOAT);
            }
        }
    }

    private static byte[] model(int node) {
        return ModelProto.newBuilder()
                .setIrVersion(10)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(21))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain(CustomOperator.DOMAIN)
                        .setVersion(1))
                .setGraph(GraphProto.newBuilder()
                        .setName("times")
                        .addInput(matrix("x"))
                        .addOutput(matrix("y"))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Times")
                                .setDomain(CustomOperator.DOMAIN)
                                .addInput("x")
                                .addOutput("y")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName(CustomOperator.NODE)
                                        .setType(AttributeProto.AttributeType.INT)
                                        .setI(node))))
                .build()
                .toByteArray();
    }

    private static ValueInfoProto matrix(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(ElementType.FLOAT.number())
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(2))
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(3)))))
                .build();
    }
}
