package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigReaderTest {
    private static final String SMALLEST = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 100, "hidden_size": 64, "intermediate_size": 128,
             "num_hidden_layers": 3, "num_attention_heads": 4}""";

    @TempDir
    private Path directory;

    @Test
    void shouldFillInTransformersDefaultsWhenKeysAreAbsent() throws IOException {
        // Given
        Files.writeString(directory.resolve("config.json"), SMALLEST);

        // When
        ModelConfig config = ModelConfigReader.read(directory);

        // Then: LlamaConfig's defaults
        assertThat(config)
                .isEqualTo(new ModelConfig(
                        "LlamaForCausalLM",
                        100,
                        64,
                        128,
                        3,
                        4,
                        4,
                        16,
                        1e-6,
                        10_000,
                        2048,
                        false,
                        OptionalInt.empty(),
                        List.of(),
                        "silu"));
    }

    @Test
    void shouldReadEveryKeyWhenAllArePresent() throws IOException {
        Files.writeString(directory.resolve("config.json"), CheckpointFixture.CONFIG);

        assertThat(ModelConfigReader.read(directory))
                .isEqualTo(new ModelConfig(
                        "LlamaForCausalLM",
                        5,
                        32,
                        12,
                        1,
                        2,
                        1,
                        16,
                        1e-5,
                        10_000,
                        32,
                        true,
                        OptionalInt.of(0),
                        List.of(1, 2),
                        "silu"));
    }

    @Test
    void shouldTakeTheEndTokensOfGenerationConfigWhenItNamesAny() throws IOException {
        Files.writeString(directory.resolve("config.json"), CheckpointFixture.CONFIG);
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 4}");

        assertThat(ModelConfigReader.read(directory).eosTokenIds()).containsExactly(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "architectures": ["GPT2LMHeadModel"] | architectures is ["GPT2LMHeadModel"]; allowed: ["LlamaForCausalLM"]
                    "rope_scaling": {"type":"linear","factor":2.0} | rope_scaling is {"type":"linear","factor":2.0}; allowed: null or absent: plain rotary positions
                    "rope_parameters": {"rope_type":"llama3"} | rope_parameters.rope_type is "llama3"; allowed: "default": plain rotary positions
                    "quantization_config": {"quant_method":"gptq"} | quantization_config is {"quant_method":"gptq"}; allowed: absent: an unquantized checkpoint
                    "attention_bias": true | attention_bias is true; allowed: false or absent
                    "mlp_bias": true | mlp_bias is true; allowed: false or absent
                    "hidden_act": "gelu" | hidden_act is "gelu"; allowed: "silu"
                    "num_key_value_heads": 3 | num_key_value_heads is 3; allowed: a divisor of num_attention_heads, 4
                    "vocab_size": "100" | vocab_size is "100"; allowed: a whole number from 1 to 16777216
                    "num_hidden_layers": 0 | num_hidden_layers is 0; allowed: a whole number from 1 to 16777216
                    "num_attention_heads": 5 | num_attention_heads is 5; allowed: a divisor of hidden_size, 64
                    "head_dim": 24 | head_dim is 24; allowed: a multiple of 16
                    "eos_token_id": 100 | eos_token_id is 100; allowed: token ids from 0 to 99
                    "rms_norm_eps": 0 | rms_norm_eps is 0; allowed: a number above 0
                    """)
    void shouldNameKeyValueAndWhatIsAllowedWhenItIsNotBuilt(String entry, String problem) throws IOException {
        // Given: a later key wins over an earlier one in JSON
        Path file = directory.resolve("config.json");
        Files.writeString(file, SMALLEST.replaceFirst("}$", ", " + entry.replace("$", "\\$") + "}"));

        // Then
        assertThatThrownBy(() -> ModelConfigReader.read(directory))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage(file + ": " + problem);
    }

    @Test
    void shouldSayWhichKeyWhenItIsMissing() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(file, "{\"architectures\": [\"LlamaForCausalLM\"]}");

        assertThatThrownBy(() -> ModelConfigReader.read(directory))
                .hasMessage(file + ": hidden_size is missing; allowed: a whole number from 1 to 16777216");
    }

    @Test
    void shouldSaySoWhenItIsNotJson() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(file, "{\"architectures\": ");

        assertThatThrownBy(() -> ModelConfigReader.read(directory))
                .hasMessageStartingWith(file + ": not valid JSON: ")
                .hasMessageNotContaining("\n");
    }
}
