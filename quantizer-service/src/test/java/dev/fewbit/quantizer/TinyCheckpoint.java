package dev.fewbit.quantizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A Llama checkpoint, of two layers unless more are asked for, with random weights from a seed. Its widths leave the last block of a row short at every
 * block size: hidden 48, intermediate 80.
 */
public final class TinyCheckpoint {
    public static final int HIDDEN = 48;
    public static final int INTERMEDIATE = 80;
    public static final int VOCABULARY = 20;
    public static final int LAYERS = 2;
    private static final int KEYS = 16;
    /** A token a letter, in lower case; others are unknown. */
    private static final String TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [
               {"id": 0, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
               {"id": 1, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
             "normalizer": {"type": "Lowercase"},
             "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": false},
             "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"<s>": 0, "</s>": 1, "?": 2, " ": 3, "e": 4, "t": 5, "a": 6,
               "o": 7, "i": 8, "n": 9, "s": 10, "r": 11, "h": 12, "l": 13, "d": 14, "u": 15, "c": 16, "m": 17, "f": 18, "w": 19}}}""";

    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final Map<String, String> shapes = new LinkedHashMap<>();
    private final String dtype;
    private final int layers;

    /** @param dtype of all weights: {@code F32} or {@code BF16} */
    public TinyCheckpoint(String dtype) {
        this(dtype, LAYERS);
    }

    /** @param dtype of all weights: {@code F32} or {@code BF16} */
    public TinyCheckpoint(String dtype, int layers) {
        this.dtype = dtype;
        this.layers = layers;
        RandomGenerator random = new SplittableRandom(7);
        put(random, "model.embed_tokens.weight", VOCABULARY, HIDDEN);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "model.layers." + layer + ".";
            put(random, prefix + "input_layernorm.weight", HIDDEN);
            put(random, prefix + "self_attn.q_proj.weight", HIDDEN, HIDDEN);
            put(random, prefix + "self_attn.k_proj.weight", KEYS, HIDDEN);
            put(random, prefix + "self_attn.v_proj.weight", KEYS, HIDDEN);
            put(random, prefix + "self_attn.o_proj.weight", HIDDEN, HIDDEN);
            put(random, prefix + "post_attention_layernorm.weight", HIDDEN);
            put(random, prefix + "mlp.gate_proj.weight", INTERMEDIATE, HIDDEN);
            put(random, prefix + "mlp.up_proj.weight", INTERMEDIATE, HIDDEN);
            put(random, prefix + "mlp.down_proj.weight", HIDDEN, INTERMEDIATE);
        }
        put(random, "model.norm.weight", HIDDEN);
    }

    /** Puts {@code value} into a weight. */
    public TinyCheckpoint with(String tensor, int index, float value) {
        values.get(tensor)[index] = value;
        return this;
    }

    public Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": 20, "hidden_size": 48, "intermediate_size": 80,
                 "num_hidden_layers": %d, "num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 16,
                 "rms_norm_eps": 1e-05, "max_position_embeddings": 64, "bos_token_id": 0, "eos_token_id": 1,
                 "tie_word_embeddings": true}""".formatted(layers));
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 1}");
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
        Files.write(directory.resolve("model.safetensors"), safetensors());
        return directory;
    }

    private byte[] safetensors() {
        int width = dtype.equals("F32") ? Float.BYTES : Short.BYTES;
        int total = values.values().stream().mapToInt(v -> v.length * width).sum();
        ByteBuffer data = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder header = new StringBuilder("{");
        values.forEach((name, floats) -> {
            int begin = data.position();
            for (float value : floats) {
                if (width == Float.BYTES) {
                    data.putFloat(value);
                } else {
                    data.putShort((short) (Float.floatToIntBits(value) >>> Short.SIZE));
                }
            }
            header.append(header.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(name, dtype, shapes.get(name), begin, data.position()));
        });
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + total)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data.array())
                .array();
    }

    private void put(RandomGenerator random, String name, int... shape) {
        int elements = 1;
        for (int size : shape) {
            elements *= size;
        }
        float[] floats = new float[elements];
        for (int i = 0; i < elements; i++) {
            floats[i] = (float) random.nextGaussian(0, 0.05);
        }
        values.put(name, floats);
        shapes.put(name, shape.length == 1 ? "[%d]".formatted(shape[0]) : "[%d,%d]".formatted(shape[0], shape[1]));
    }
}
