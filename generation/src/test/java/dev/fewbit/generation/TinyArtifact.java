package dev.fewbit.generation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * An artifact of a one-layer Llama with random weights, the same at every run, and a tokenizer whose tokens are single bytes. Its
 * embedding has six rows more than there are tokens, as padded vocabularies have.
 */
public final class TinyArtifact {
    public static final int MAX_POSITIONS = 128;

    private static final int BOS = 256;
    private static final int EOS = 257;
    private static final int VOCABULARY = 264;
    private static final int HIDDEN = 64;
    private static final int INTERMEDIATE = 160;
    private static final int HEAD = 16;
    private static final long SEED = 20261125;

    private TinyArtifact() {}

    /** Writes the artifact's model and tokenizer into {@code directory}, by way of a checkpoint below it. */
    public static Path write(Path directory) throws IOException {
        Path checkpointDirectory = Files.createDirectories(directory.resolve("checkpoint"));
        Path artifact = Files.createDirectories(directory.resolve("artifact"));
        Files.writeString(checkpointDirectory.resolve("config.json"), """
                {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":%d,"hidden_size":%d,
                 "intermediate_size":%d,"num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":2,
                 "rms_norm_eps":1e-5,"rope_theta":10000.0,"max_position_embeddings":%d,"tie_word_embeddings":true,
                 "bos_token_id":%d,"eos_token_id":%d,"hidden_act":"silu","torch_dtype":"float32"}
                """.formatted(
                        VOCABULARY, HIDDEN, INTERMEDIATE, MAX_POSITIONS, BOS, EOS));
        Files.write(checkpointDirectory.resolve("model.safetensors"), safetensors());
        Files.writeString(checkpointDirectory.resolve("tokenizer.json"), tokenizer());
        Files.writeString(artifact.resolve("tokenizer.json"), tokenizer());
        try (Checkpoint checkpoint = Checkpoint.open(checkpointDirectory)) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), artifact);
        }
        return artifact;
    }

    private static byte[] safetensors() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new int[] {VOCABULARY, HIDDEN});
        String layer = "model.layers.0.";
        shapes.put(layer + "input_layernorm.weight", new int[] {HIDDEN});
        shapes.put(layer + "self_attn.q_proj.weight", new int[] {4 * HEAD, HIDDEN});
        shapes.put(layer + "self_attn.k_proj.weight", new int[] {2 * HEAD, HIDDEN});
        shapes.put(layer + "self_attn.v_proj.weight", new int[] {2 * HEAD, HIDDEN});
        shapes.put(layer + "self_attn.o_proj.weight", new int[] {HIDDEN, 4 * HEAD});
        shapes.put(layer + "post_attention_layernorm.weight", new int[] {HIDDEN});
        shapes.put(layer + "mlp.gate_proj.weight", new int[] {INTERMEDIATE, HIDDEN});
        shapes.put(layer + "mlp.up_proj.weight", new int[] {INTERMEDIATE, HIDDEN});
        shapes.put(layer + "mlp.down_proj.weight", new int[] {HIDDEN, INTERMEDIATE});
        shapes.put("model.norm.weight", new int[] {HIDDEN});
        ObjectNode header = new JsonMapper().createObjectNode();
        int offset = 0;
        for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", "F32");
            int size = Float.BYTES;
            for (int dimension : tensor.getValue()) {
                entry.withArray("shape").add(dimension);
                size *= dimension;
            }
            entry.putArray("data_offsets").add(offset).add(offset + size);
            offset += size;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + offset).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        Random random = new Random(SEED);
        while (file.hasRemaining()) {
            file.putFloat((float) (random.nextGaussian() * 0.3));
        }
        return file.array();
    }

    private static String tokenizer() {
        JsonMapper mapper = new JsonMapper();
        ObjectNode vocabulary = mapper.createObjectNode();
        int unprintable = 0;
        for (int value = 0; value < 256; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
            vocabulary.put(Character.toString(printable ? value : 256 + unprintable++), value);
        }
        return """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[
                  {"id":256,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                  {"id":257,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
                 "normalizer":null,
                 "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false},
                 "post_processor":{"type":"TemplateProcessing",
                   "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
                   "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
                   "special_tokens":{"<s>":{"id":"<s>","ids":[256],"tokens":["<s>"]}}},
                 "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
                 "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
                   "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
                   "vocab":%s,"merges":[]}}
                """.formatted(vocabulary);
    }
}
