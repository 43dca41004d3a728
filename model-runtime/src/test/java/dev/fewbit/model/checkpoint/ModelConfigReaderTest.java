package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.decoder.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(config.architecture()).isEqualTo("LlamaForCausalLM");
        assertThat(config.vocabSize()).isEqualTo(100);
        assertThat(config.hiddenSize()).isEqualTo(64);
        assertThat(config.intermediateSize()).isEqualTo(128);
        assertThat(config.layers()).isEqualTo(3);
        assertThat(config.heads()).isEqualTo(4);
        assertThat(config.kvHeads()).isEqualTo(4);
        assertThat(config.headDim()).isEqualTo(16);
        assertThat(config.rmsNormEps()).isEqualTo(1e-6);
        assertThat(config.ropeTheta()).isEqualTo(10_000);
        assertThat(config.maxPositionEmbeddings()).isEqualTo(2048);
        assertThat(config.tieWordEmbeddings()).isFalse();
        assertThat(config.bosTokenId()).isEmpty();
        assertThat(config.eosTokenIds()).isEmpty();
        assertThat(config.decoder().layers().getFirst().mlp().activation()).isEqualTo(Activation.SILU);
    }

    @Test
    void shouldReadEveryKeyWhenAllArePresent() throws IOException {
        Files.writeString(directory.resolve("config.json"), CheckpointFixture.CONFIG);

        ModelConfig config = ModelConfigReader.read(directory);

        assertThat(config.vocabSize()).isEqualTo(5);
        assertThat(config.hiddenSize()).isEqualTo(32);
        assertThat(config.intermediateSize()).isEqualTo(12);
        assertThat(config.layers()).isEqualTo(1);
        assertThat(config.heads()).isEqualTo(2);
        assertThat(config.kvHeads()).isEqualTo(1);
        assertThat(config.headDim()).isEqualTo(16);
        assertThat(config.rmsNormEps()).isEqualTo(1e-5);
        assertThat(config.maxPositionEmbeddings()).isEqualTo(32);
        assertThat(config.tieWordEmbeddings()).isTrue();
        assertThat(config.bosTokenId()).hasValue(0);
        assertThat(config.eosTokenIds()).containsExactly(1, 2);
    }

    @Test
    void shouldTakeTheEndTokensOfGenerationConfigWhenItNamesAny() throws IOException {
        Files.writeString(directory.resolve("config.json"), CheckpointFixture.CONFIG);
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 4}");

        assertThat(ModelConfigReader.read(directory).eosTokenIds()).containsExactly(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "architectures": ["GPT2LMHeadModel"] | architectures is ["GPT2LMHeadModel"]; allowed: one of "LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM", "Starcoder2ForCausalLM", "GPTBigCodeForCausalLM", "Phi3ForCausalLM", "GemmaForCausalLM", "Gemma2ForCausalLM", "GraniteForCausalLM"
                    "architectures": null, "model_type": "gpt2" | model_type is "gpt2"; allowed: one of "llama", "mistral", "qwen2", "qwen3", "starcoder2", "gpt_bigcode", "phi3", "gemma", "gemma2", "granite"
                    "rope_scaling": {"type":"yarn","factor":2.0} | rope_scaling.type is "yarn"; allowed: "default", "linear", "llama3", "longrope", "su"
                    "rope_scaling": {"type":"linear"} | rope_scaling.factor is missing; allowed: a number above 0
                    "rope_parameters": {"rope_type":"dynamic"} | rope_parameters.rope_type is "dynamic"; allowed: "default", "linear", "llama3", "longrope", "su"
                    "partial_rotary_factor": 0.5 | partial_rotary_factor is 0.5; allowed: 1 or absent
                    "layer_types": ["full_attention", "linear_attention", "full_attention"] | layer_types is ["full_attention","linear_attention","full_attention"]; allowed: a list of "sliding_attention", "full_attention"
                    "quantization_config": {"quant_method":"gptq"} | quantization_config is {"quant_method":"gptq"}; allowed: absent: an unquantized checkpoint
                    "attention_bias": 1 | attention_bias is 1; allowed: true or false
                    "mlp_bias": "no" | mlp_bias is "no"; allowed: true or false
                    "hidden_act": "relu" | hidden_act is "relu"; allowed: "silu", "swish", "gelu", "gelu_pytorch_tanh", "gelu_new"
                    "architectures": ["Phi3ForCausalLM"], "head_dim": 32, "rope_scaling": {"type":"su","short_factor":[1,1]} | rope_scaling.long_factor is missing; allowed: a list of 16 numbers above 0
                    "architectures": ["Starcoder2ForCausalLM"], "mlp_type": "gated" | mlp_type is "gated"; allowed: "default" or absent
                    "architectures": ["GPTBigCodeForCausalLM"], "multi_query": false | multi_query is false; allowed: true or absent
                    "architectures": ["GPTBigCodeForCausalLM"], "n_embd": 32 | n_layer is missing; allowed: a whole number from 1 to 16777216
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
