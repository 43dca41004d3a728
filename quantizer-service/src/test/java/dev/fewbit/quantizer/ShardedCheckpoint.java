package dev.fewbit.quantizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A Llama checkpoint of any depth in bf16, a shard for each layer and one for the rest. All weights are cut from the same random values: what is
 * measured with it does not depend on them.
 */
public final class ShardedCheckpoint {
    private static final int VOCABULARY = 64;
    private static final String TOKENIZER =
            "{\"version\": \"1.0\", \"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}}}";

    private final int hidden;
    private final int intermediate;
    private final int layers;
    private final ByteBuffer values;

    public ShardedCheckpoint(int hidden, int intermediate, int layers) {
        this.hidden = hidden;
        this.intermediate = intermediate;
        this.layers = layers;
        SplittableRandom random = new SplittableRandom(5);
        values = ByteBuffer.allocate(hidden * intermediate * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            values.putShort((short) (Float.floatToIntBits((float) random.nextGaussian(0, 0.05)) >>> Short.SIZE));
        }
    }

    public Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": 64,
                 "rms_norm_eps": 1e-05, "max_position_embeddings": 64, "bos_token_id": 0, "eos_token_id": 1,
                 "tie_word_embeddings": true}""".formatted(
                        VOCABULARY, hidden, intermediate, layers, hidden / 64, hidden / 64));
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
        Map<String, String> index = new LinkedHashMap<>();
        for (int shard = 0; shard <= layers; shard++) {
            String name = "model-%05d-of-%05d.safetensors".formatted(shard + 1, layers + 1);
            Map<String, long[]> tensors = tensors(shard);
            write(directory.resolve(name), tensors);
            tensors.keySet().forEach(tensor -> index.put(tensor, name));
        }
        StringBuilder map = new StringBuilder();
        index.forEach(
                (tensor, file) -> map.append(map.isEmpty() ? "" : ",").append("\"%s\":\"%s\"".formatted(tensor, file)));
        Files.writeString(directory.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + map + "}}");
        return directory;
    }

    private Map<String, long[]> tensors(int shard) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        if (shard == layers) {
            tensors.put("model.embed_tokens.weight", new long[] {VOCABULARY, hidden});
            tensors.put("model.norm.weight", new long[] {hidden});
            return tensors;
        }
        String prefix = "model.layers." + shard + ".";
        tensors.put(prefix + "input_layernorm.weight", new long[] {hidden});
        for (String name : new String[] {"q_proj", "k_proj", "v_proj", "o_proj"}) {
            tensors.put(prefix + "self_attn." + name + ".weight", new long[] {hidden, hidden});
        }
        tensors.put(prefix + "post_attention_layernorm.weight", new long[] {hidden});
        tensors.put(prefix + "mlp.gate_proj.weight", new long[] {intermediate, hidden});
        tensors.put(prefix + "mlp.up_proj.weight", new long[] {intermediate, hidden});
        tensors.put(prefix + "mlp.down_proj.weight", new long[] {hidden, intermediate});
        return tensors;
    }

    private void write(Path file, Map<String, long[]> tensors) throws IOException {
        StringBuilder header = new StringBuilder();
        long at = 0;
        for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
            long end = at + bytes(tensor.getValue());
            String shape = tensor.getValue().length == 1
                    ? "[%d]".formatted(tensor.getValue()[0])
                    : "[%d,%d]".formatted(tensor.getValue()[0], tensor.getValue()[1]);
            header.append(header.isEmpty() ? "{" : ",")
                    .append("\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), shape, at, end));
            at = end;
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            put(
                    channel,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(text.length)
                            .flip());
            put(channel, ByteBuffer.wrap(text));
            for (long[] shape : tensors.values()) {
                put(channel, values.duplicate().position(0).limit((int) bytes(shape)));
            }
        }
    }

    private static long bytes(long[] shape) {
        return (shape.length == 1 ? shape[0] : shape[0] * shape[1]) * Short.BYTES;
    }

    private static void put(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
