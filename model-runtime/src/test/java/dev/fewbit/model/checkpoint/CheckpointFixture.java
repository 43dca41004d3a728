package dev.fewbit.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes tiny checkpoints, right and wrong ones. */
final class CheckpointFixture {
    static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 5, "hidden_size": 32, "intermediate_size": 12,
             "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "rms_norm_eps": 1e-05,
             "max_position_embeddings": 32, "bos_token_id": 0, "eos_token_id": [1, 2], "hidden_act": "silu",
             "tie_word_embeddings": true}""";

    static final String TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "normalizer": null, "pre_tokenizer": null,
             "post_processor": null, "decoder": null,
             "added_tokens": [{"id": 0, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}],
             "model": {"type": "BPE", "vocab": {"<s>": 0, "a": 1, "b": 2}, "merges": []}}""";

    private CheckpointFixture() {}

    /** Config, tokenizer and the given bytes as {@code model.safetensors}. */
    static Path write(Path directory, byte[] weights) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), CONFIG);
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
        Files.write(directory.resolve("model.safetensors"), weights);
        return directory;
    }

    /** A safetensors file of a header as it stands and data. */
    static byte[] safetensors(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    /** A safetensors file of fp32 vectors {@code name -> values}, given in turn. */
    static byte[] vectors(Object... namesAndValues) {
        List<String> entries = new ArrayList<>();
        ByteBuffer data = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            float[] values = (float[]) namesAndValues[i + 1];
            int begin = data.position();
            for (float value : values) {
                data.putFloat(value);
            }
            entries.add("\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                    .formatted(namesAndValues[i], values.length, begin, data.position()));
        }
        byte[] bytes = new byte[data.position()];
        data.flip().get(bytes);
        return safetensors("{" + String.join(",", entries) + "}", bytes);
    }
}
