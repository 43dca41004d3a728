package dev.fewbit.model.fused;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RandomLlama;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusedModelTest {
    /** 5 layers of 4 linears, 4 heads over 2 key heads of 64, gated SiLU, 2048 tokens; the head is not rounded. */
    private static final Path REFERENCE = Path.of("../reference-model/checkpoint");

    @TempDir
    Path directory;

    @Test
    void shouldReplaceAllThatFitsWhenEverythingIsWanted() throws IOException {
        // Given
        ModelProto model = reference();

        // When
        FusedModel fused = FusedModel.of(model, EnumSet.allOf(Fusion.class));

        // Then
        assertThat(operators(fused.model()))
                .containsEntry("Int8Attention", 5L)
                .containsEntry("GatedSilu", 5L)
                .containsEntry("FewRowsLinearWithZeros", 4 * 5L)
                .containsEntry("LargestLogits", 1L)
                .doesNotContainKeys("GroupQueryAttention", "Split", "QuickGelu", "MatMulNBits", "TopK", "LogSoftmax");
        assertThat(fused.attentions()).hasSize(5).containsOnly(new AttentionNode(4, 2, 64, 0.125f));
        assertThat(fused.model().getGraph().getOutputList())
                .extracting(ValueInfoProto::getName)
                .containsExactlyInAnyOrder("top_logits", "top_ids", "log_sum_exp", "logits");
        assertThat(fused.model().getGraph().getInputList())
                .extracting(ValueInfoProto::getName)
                .contains("past.4.key", "past.4.key_scale", "past.4.value_scale");
    }

    @Test
    void shouldLeaveTheRestWhenOneThingIsWanted() throws IOException {
        // Given
        ModelProto model = reference();

        // When
        FusedModel fused = FusedModel.of(model, Set.of(Fusion.GATE));

        // Then
        assertThat(operators(fused.model()))
                .containsEntry("GatedSilu", 5L)
                .containsEntry("GroupQueryAttention", 5L)
                .containsEntry("TopK", 1L);
        assertThat(fused.model().getGraph().getInputList())
                .isEqualTo(model.getGraph().getInputList());
        assertThat(fused.model().getGraph().getOutputList())
                .isEqualTo(model.getGraph().getOutputList());
    }

    @Test
    void shouldLeaveAttentionWhenItsHeadsAreNarrow() throws IOException {
        // Given: heads of 16
        RandomLlama weights = new RandomLlama(true);
        DecoderGraph.write(weights.config(), weights, directory);

        // When
        FusedModel fused = FusedModel.of(read(), EnumSet.allOf(Fusion.class));

        // Then
        assertThat(fused.fused()).containsExactlyInAnyOrder(Fusion.GATE, Fusion.LARGEST);
        assertThat(fused.attentions()).isEmpty();
        assertThat(operators(fused.model())).containsEntry("GroupQueryAttention", 2L);
    }

    private ModelProto reference() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(REFERENCE)) {
            DecoderGraph.write(
                    ModelConfig.read(REFERENCE),
                    new RoundedWeights(new CheckpointWeights(checkpoint), 4, 64, false, false),
                    directory);
        }
        return read();
    }

    private ModelProto read() throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(directory.resolve(DecoderGraph.HALF_MODEL_FILE)));
    }

    private static Map<String, Long> operators(ModelProto model) {
        List<NodeProto> nodes = model.getGraph().getNodeList();
        return nodes.stream()
                .map(NodeProto::getOpType)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
