"""A GGUF file of SmolLM2-135M's shape with random fp16 weights of a fixed seed: gguf_random.py OUT. llama-quantize makes Q4_0 of it."""
import sys

import gguf
import numpy

HIDDEN, INNER, LAYERS, HEADS, KEYS, VOCABULARY, HEAD = 576, 1536, 30, 9, 3, 49152, 64


def main():
    random = numpy.random.default_rng(1)
    writer = gguf.GGUFWriter(sys.argv[1], "llama")
    writer.add_context_length(2048)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEYS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(HEAD)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    # A tokenizer that says nothing: llama-batched-bench makes up tokens, but no file loads without one.
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(["t%d" % token for token in range(VOCABULARY)])
    writer.add_token_types([1] * VOCABULARY)
    writer.add_token_merges(["t 1"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)

    def add(name, *shape):
        values = random.standard_normal(shape, dtype=numpy.float32) * 0.02
        writer.add_tensor(name, values.astype(numpy.float16) if len(shape) > 1 else numpy.ones(shape, numpy.float32))

    add("token_embd.weight", VOCABULARY, HIDDEN)
    add("output_norm.weight", HIDDEN)
    for layer in range(LAYERS):
        for name, shape in (
                ("attn_norm", (HIDDEN,)), ("ffn_norm", (HIDDEN,)), ("attn_q", (HEADS * HEAD, HIDDEN)), ("attn_k", (KEYS * HEAD, HIDDEN)),
                ("attn_v", (KEYS * HEAD, HIDDEN)), ("attn_output", (HIDDEN, HEADS * HEAD)), ("ffn_gate", (INNER, HIDDEN)),
                ("ffn_up", (INNER, HIDDEN)), ("ffn_down", (HIDDEN, INNER))):
            add("blk.%d.%s.weight" % (layer, name), *shape)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
