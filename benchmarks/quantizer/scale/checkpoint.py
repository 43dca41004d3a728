"""Checkpoints of real shapes with random bf16 weights of a fixed seed, sharded as the Hub's are.

  checkpoint.py SHAPE OUT [--layers N] [--shard-bytes N] --tokenizer FILE

Weights are normal with deviation 0.02, norms 1: what rounding and products cost does not depend on what a model has learnt.
"""
import argparse
import json
import pathlib
import struct

import numpy

SHAPES = {
    # name: hidden, intermediate, layers, heads, key-value heads, vocabulary, tied embedding
    "deepseek-coder-1.3b": (2048, 5504, 24, 16, 16, 32256, False),
    "smollm2-135m": (576, 1536, 30, 9, 3, 49152, True),
    # One shape for many depths: 8 MiB a layer at 16 bits.
    "deep": (640, 1664, 24, 10, 10, 4096, True),
}
SEED = 20261125
DEVIATION = 0.02


def tensors(hidden, intermediate, layers, heads, keys, vocabulary, tied):
    kv = hidden // heads * keys
    yield "model.embed_tokens.weight", (vocabulary, hidden)
    for layer in range(layers):
        prefix = "model.layers.%d." % layer
        yield prefix + "input_layernorm.weight", (hidden,)
        yield prefix + "self_attn.q_proj.weight", (hidden, hidden)
        yield prefix + "self_attn.k_proj.weight", (kv, hidden)
        yield prefix + "self_attn.v_proj.weight", (kv, hidden)
        yield prefix + "self_attn.o_proj.weight", (hidden, hidden)
        yield prefix + "post_attention_layernorm.weight", (hidden,)
        yield prefix + "mlp.gate_proj.weight", (intermediate, hidden)
        yield prefix + "mlp.up_proj.weight", (intermediate, hidden)
        yield prefix + "mlp.down_proj.weight", (hidden, intermediate)
    yield "model.norm.weight", (hidden,)
    if not tied:
        yield "lm_head.weight", (vocabulary, hidden)


def elements(shape):
    return int(numpy.prod(shape, dtype=numpy.int64))


def shards(named, limit):
    """Lists of tensors of at most `limit` bytes each, as the Hub cuts them."""
    current, size = [], 0
    for name, shape in named:
        bytes_ = 2 * elements(shape)
        if current and size + bytes_ > limit:
            yield current
            current, size = [], 0
        current.append((name, shape))
        size += bytes_
    yield current


def write_shard(path, named, random):
    header, at = {}, 0
    for name, shape in named:
        end = at + 2 * elements(shape)
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in named:
            if len(shape) == 1:
                values = numpy.ones(shape, dtype=numpy.float32)
                file.write((values.view(numpy.uint32) >> 16).astype(numpy.uint16).tobytes())
                continue
            rows = max(1, (1 << 22) // shape[1])
            for first in range(0, shape[0], rows):
                values = random.standard_normal((min(rows, shape[0] - first), shape[1]), dtype=numpy.float32)
                values *= numpy.float32(DEVIATION)
                file.write((values.view(numpy.uint32) >> 16).astype(numpy.uint16).tobytes())
    return at


def write(shape, out, layers=None, shard_bytes=1 << 29, *, tokenizer):
    hidden, intermediate, default, heads, keys, vocabulary, tied = SHAPES[shape]
    layers = layers or default
    out.mkdir(parents=True)
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": vocabulary, "hidden_size": hidden,
        "intermediate_size": intermediate, "num_hidden_layers": layers, "num_attention_heads": heads,
        "num_key_value_heads": keys, "head_dim": hidden // heads, "max_position_embeddings": 2048, "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0, "hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": tied,
        "bos_token_id": 0, "eos_token_id": 1, "torch_dtype": "bfloat16",
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (out / "generation_config.json").write_text('{"eos_token_id": 1}\n')
    tokenizer = pathlib.Path(tokenizer)
    for file in (tokenizer, tokenizer.with_name("tokenizer_config.json")):
        (out / file.name).write_bytes(file.read_bytes())
    random = numpy.random.Generator(numpy.random.SFC64(SEED))
    parts = list(shards(tensors(hidden, intermediate, layers, heads, keys, vocabulary, tied), shard_bytes))
    index, total = {}, 0
    for number, named in enumerate(parts, 1):
        name = "model-%05d-of-%05d.safetensors" % (number, len(parts))
        total += write_shard(out / name, named, random)
        index.update((tensor, name) for tensor, _ in named)
    (out / "model.safetensors.index.json").write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": index}))
    return len(parts), total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--layers", type=int)
    parser.add_argument("--shard-bytes", type=int, default=1 << 29)
    parser.add_argument("--tokenizer", required=True, help="tokenizer.json, beside its tokenizer_config.json")
    options = parser.parse_args()
    parts, total = write(options.shape, options.out, options.layers, options.shard_bytes, tokenizer=options.tokenizer)
    print("%s: %d shards, %d bytes" % (options.out, parts, total))


if __name__ == "__main__":
    main()
