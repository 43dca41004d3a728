package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.fewbit.model.resident.MemoryPlan.Needs;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One linear of 16384 x 16384: 128 MiB of its 200 MiB of weights are codes of 4 bits, as fp16 they are 512 MiB, in all 584. With the needs
 * of {@link MemoryPlanTest}, n slots take 1096 + 100.625 n MiB with codes and 1480 + 100.625 n with fp16.
 */
class FastestLinearsTest {
    private static final long MIB = 1 << 20;
    private static final ModelProto STORED = stored();
    private static final ResidentModel MODEL = new ResidentModel(24, 16, 128, 32768, 50, 200 * MIB, 16 * MIB, 8192);

    @Test
    void shouldCountCodesAsGoneWhenLinearsAreDense() {
        assertThat(FastestLinears.denseBytes(STORED, MODEL)).isEqualTo(584 * MIB);
    }

    @ParameterizedTest
    @CsvSource({
        "64, 7920, DENSE",
        "64, 7919, CODES", // 56 slots with fp16, 64 with codes
        "8, 100000, DENSE",
        "7, 100000, CODES",
        "1, 100000, CODES",
        "0, 19990, DENSE", // 176 slots with fp16, 184 with codes: enough
        "0, 2285, DENSE", // 8 with either
        "0, 2284, CODES", // 7 with fp16, 8 with codes
        "0, 2000, CODES"
    })
    void shouldTakeFp16WhenRowsAreManyAndItsMemoryIsMissingNowhere(int wanted, long freeMib, Linears linears) {
        assertThat(FastestLinears.choose(
                        STORED,
                        MODEL,
                        weights -> new Needs(weights, 100 * MIB, 1024, 8192, 32768, 16 * MIB),
                        freeMib * MIB,
                        wanted))
                .isEqualTo(linears);
    }

    private static ModelProto stored() {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType("MatMulNBits");
        node.addAttribute(attribute("N", 16384));
        node.addAttribute(attribute("K", 16384));
        node.addAttribute(attribute("bits", 4));
        ModelProto.Builder model = ModelProto.newBuilder();
        model.getGraphBuilder().addNode(node);
        return model.build();
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
