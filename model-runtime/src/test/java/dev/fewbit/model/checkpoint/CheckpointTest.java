package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final byte[] WEIGHTS = CheckpointFixture.vectors("w", new float[] {1, 2});

    @TempDir
    private Path directory;

    @Test
    void shouldReadTensorsWhenWeightsAreOneFile() throws IOException {
        CheckpointFixture.write(directory, WEIGHTS);

        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.tensorNames()).containsExactly("w");
            assertThat(checkpoint.tensor("w").toFloats()).containsExactly(1, 2);
            assertThat(checkpoint.has("v")).isFalse();
            assertThatThrownBy(() -> checkpoint.tensor("v")).hasMessage(directory + ": the weights have no tensor 'v'");
        }
    }

    @Test
    void shouldReadTensorsOfEveryShardWhenThereIsAnIndex() throws IOException {
        // Given
        writeShards("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");

        // When
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            // Then
            assertThat(checkpoint.tensor("a").toFloats()).containsExactly(3);
            assertThat(checkpoint.tensor("b").toFloats()).containsExactly(4, 5);
            assertThat(checkpoint.files())
                    .containsExactly(
                            "config.json",
                            "model.safetensors.index.json",
                            "one.safetensors",
                            "tokenizer.json",
                            "two.safetensors");
        }
    }

    @Test
    void shouldRefuseWhenTheIndexNamesAFileThatIsNotThere() throws IOException {
        writeShards("{\"weight_map\":{\"a\":\"three.safetensors\"}}");

        assertThatThrownBy(() -> Checkpoint.open(directory)).hasMessage(directory + ": has no three.safetensors");
    }

    @Test
    void shouldRefuseWhenTheIndexPutsATensorIntoTheWrongShard() throws IOException {
        writeShards("{\"weight_map\":{\"a\":\"two.safetensors\"}}");

        assertThatThrownBy(() -> Checkpoint.open(directory))
                .hasMessage(directory.resolve("model.safetensors.index.json")
                        + ": tensor 'a' is not in two.safetensors where it should be");
    }

    @Test
    void shouldRefuseWhenTheIndexReachesOutOfTheCheckpoint() throws IOException {
        writeShards("{\"weight_map\":{\"a\":\"../one.safetensors\"}}");

        assertThatThrownBy(() -> Checkpoint.open(directory))
                .hasMessageContaining("tensor 'a' is in '../one.safetensors'; allowed: a *.safetensors file name");
    }

    @Test
    void shouldShowAFusedTensorAsItsPartsUnderOurNames() throws IOException {
        // Given: two query heads and one of keys and values, fused by Phi-3
        writeFused(64);

        // When
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Tensor key = checkpoint.tensor("model.layers.0.self_attn.k_proj.weight");

            // Then: rows 32 to 47 of 32 columns
            assertThat(key.name()).isEqualTo("model.layers.0.self_attn.k_proj.weight");
            assertThat(key.shape()).containsExactly(16, 32);
            assertThat(key.toFloats()[0]).isEqualTo(32 * 32);
            assertThat(checkpoint.has("model.layers.0.self_attn.qkv_proj.weight"))
                    .isFalse();
            assertThatThrownBy(() -> checkpoint.tensor("model.layers.0.mlp.up_proj.weight"))
                    .hasMessage(directory + ": the weights have no tensor 'model.layers.0.mlp.gate_up_proj.weight'");
        }
    }

    @Test
    void shouldRefuseWhenAFusedTensorIsTooShort() throws IOException {
        writeFused(60);

        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage(directory + ": tensor 'model.layers.0.self_attn.qkv_proj.weight' has shape [60, 32];"
                        + " config.json asks for at least 64 rows");
    }

    private void writeFused(int rows) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(rows * 32 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows * 32; i++) {
            data.putFloat(i);
        }
        String header =
                "{\"model.layers.0.self_attn.qkv_proj.weight\":{\"dtype\":\"F32\",\"shape\":[%d,32],\"data_offsets\":[0,%d]}}"
                        .formatted(rows, data.capacity());
        CheckpointFixture.write(directory, CheckpointFixture.safetensors(header, data.array()));
        Path config = directory.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("LlamaForCausalLM", "Phi3ForCausalLM"));
    }

    @Test
    void shouldRefuseWhenTheDirectoryIsMissing() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> Checkpoint.open(missing))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage(
                        missing + ": no such directory; a checkpoint is a directory with config.json, tokenizer.json"
                                + " and model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json"})
    void shouldNameTheFileWhenOneIsMissing(String name) throws IOException {
        CheckpointFixture.write(directory, WEIGHTS);
        Files.delete(directory.resolve(name));

        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage(directory + ": has no " + name);
    }

    @Test
    void shouldSaySoWhenThereAreNoWeights() throws IOException {
        CheckpointFixture.write(directory, WEIGHTS);
        Files.delete(directory.resolve("model.safetensors"));

        assertThatThrownBy(() -> Checkpoint.open(directory))
                .hasMessage(directory + ": has neither model.safetensors nor model.safetensors.index.json");
    }

    @Test
    void shouldChangeItsDigestWhenAnyFileChangesAndOnlyThen() throws IOException {
        // Given
        CheckpointFixture.write(directory.resolve("a"), WEIGHTS);
        CheckpointFixture.write(directory.resolve("b"), WEIGHTS);
        String digest = digest("a");

        // Then
        assertThat(digest).matches("[0-9a-f]{64}").isEqualTo(digest("b"));
        for (String name : new String[] {"config.json", "tokenizer.json", "generation_config.json"}) {
            // When
            Files.writeString(
                    directory.resolve("b").resolve(name),
                    name.startsWith("gen") ? "{}" : Files.readString(directory.resolve("a/" + name)) + " ");

            // Then
            assertThat(digest("b")).isNotEqualTo(digest);
        }
    }

    private String digest(String name) {
        try (Checkpoint checkpoint = Checkpoint.open(directory.resolve(name))) {
            return checkpoint.digest();
        }
    }

    private void writeShards(String index) throws IOException {
        CheckpointFixture.write(directory, WEIGHTS);
        Files.delete(directory.resolve("model.safetensors"));
        Files.writeString(directory.resolve("model.safetensors.index.json"), index);
        Files.write(directory.resolve("one.safetensors"), CheckpointFixture.vectors("a", new float[] {3}));
        Files.write(directory.resolve("two.safetensors"), CheckpointFixture.vectors("b", new float[] {4, 5}));
    }
}
