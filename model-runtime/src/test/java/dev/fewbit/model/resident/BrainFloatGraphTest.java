package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RandomLlama;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.onnx.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrainFloatGraphTest {
    private static final int FP16 = ElementType.FLOAT16.number();
    private static final int BF16 = ElementType.BFLOAT16.number();

    @TempDir
    Path directory;

    @Test
    void shouldLeaveNoFp16ButWhatIsStoredWhenAGraphBecomesOneOfBf16() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), new RoundedWeights(llama, 4, 32, false, false), directory);
        ModelProto half = ModelProto.parseFrom(Files.readAllBytes(directory.resolve("model-fp16.onnx")));

        // When
        ModelProto brain = BrainFloatGraph.of(half);

        // Then: stored fp16 is read by casts alone, casts go to bf16, the cache is bf16, and all else is as it was
        assertThat(brain.getGraph().getInitializerList())
                .isEqualTo(half.getGraph().getInitializerList());
        Map<String, Integer> stored = new HashMap<>();
        brain.getGraph().getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor.getDataType()));
        assertThat(stored).containsValue(FP16);
        for (NodeProto node : brain.getGraph().getNodeList()) {
            if (node.getOpType().equals("Cast")) {
                assertThat(node.getAttributeList())
                        .extracting(AttributeProto::getI)
                        .doesNotContain((long) FP16);
            } else {
                assertThat(node.getInputList()).noneMatch(input -> stored.getOrDefault(input, 0) == FP16);
            }
        }
        assertThat(types(brain.getGraph().getInputList()))
                .isEqualTo(replaced(types(half.getGraph().getInputList())))
                .containsEntry(DecoderGraph.pastKey(0), BF16);
        assertThat(types(brain.getGraph().getOutputList()))
                .isEqualTo(replaced(types(half.getGraph().getOutputList())))
                .containsEntry(DecoderGraph.presentValue(1), BF16)
                .containsEntry(DecoderGraph.LOGITS, ElementType.FLOAT.number());
        long casts = half.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getDataType() == FP16)
                .map(TensorProto::getName)
                .count();
        assertThat(brain.getGraph().getNodeCount()).isEqualTo(half.getGraph().getNodeCount() + (int) casts);
    }

    private static Map<String, Integer> types(List<ValueInfoProto> values) {
        Map<String, Integer> types = new HashMap<>();
        values.forEach(value ->
                types.put(value.getName(), value.getType().getTensorType().getElemType()));
        return types;
    }

    private static Map<String, Integer> replaced(Map<String, Integer> types) {
        types.replaceAll((name, type) -> type == FP16 ? BF16 : type);
        return types;
    }
}
