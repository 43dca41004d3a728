"""Serves a small Llama checkpoint with llama.cpp's own HTTP server, for tests.

    python3 llama_server.py [--type f16|q4_0] [--port PORT] [--key KEY] CHECKPOINT MODEL.gguf ALIAS

Writes the checkpoint as MODEL.gguf, its matrices as 16-bit floats or in blocks of 32 weights at 4 bits, starts the server on the loopback
address (a free port unless one is given), prints the port on a line of its own, and ends when its standard input does. Unlike llama.cpp's converter it knows one architecture and one kind of
tokenizer, byte-level BPE, which is all that the reference model needs.
"""

import argparse
import json
import pathlib
import sys

import gguf
import gguf.quants
import numpy
import xllamacpp

TYPES = {
    "f16": (gguf.LlamaFileType.MOSTLY_F16, gguf.GGMLQuantizationType.F16),
    "q4_0": (gguf.LlamaFileType.MOSTLY_Q4_0, gguf.GGMLQuantizationType.Q4_0),
}
SLOTS = 4
# One: with more, idle threads of a small model spin and wait for a busy machine.
THREADS = 1


def tensors(path):
    """Name to float32 array, of a safetensors file whose tensors are BF16, F16 or F32."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = data[start + begin : start + end]
        if entry["dtype"] == "BF16":
            values = (numpy.frombuffer(raw, numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)
        else:
            values = numpy.frombuffer(raw, {"F16": numpy.float16, "F32": numpy.float32}[entry["dtype"]])
        yield name, values.astype(numpy.float32).reshape(entry["shape"])


def interleaved(weight, heads):
    """Rows in the order of llama.cpp's rotary embedding, which turns neighbours where Hugging Face's turns halves."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def convert(checkpoint, target, kind):
    file_type, matrix_type = TYPES[kind]
    config = json.loads((checkpoint / "config.json").read_text())
    tokenizer = json.loads((checkpoint / "tokenizer.json").read_text())
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_name(checkpoint.name)
    writer.add_file_type(file_type)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])

    special = {token["id"] for token in tokenizer["added_tokens"]}
    vocabulary = {id: token for token, id in tokenizer["model"]["vocab"].items()}
    writer.add_tokenizer_model("gpt2")
    # Cuts at other places than the checkpoint's own expression, but never inside of what its merges join.
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([vocabulary[id] for id in range(config["vocab_size"])])
    writer.add_token_types(
        [gguf.TokenType.CONTROL if id in special else gguf.TokenType.NORMAL for id in range(config["vocab_size"])]
    )
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_add_bos_token(True)

    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}
    for name, values in tensors(checkpoint / "model.safetensors"):
        for part, count in heads.items():
            if part in name:
                values = interleaved(values, count)
        type = matrix_type if values.ndim > 1 else gguf.GGMLQuantizationType.F32
        data = gguf.quants.quantize(numpy.ascontiguousarray(values), type)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), data, raw_dtype=type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--type", choices=TYPES, default="f16")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key")
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("model")
    parser.add_argument("alias")
    options = parser.parse_args()
    convert(options.checkpoint, options.model, options.type)
    settings = xllamacpp.CommonParams()
    settings.model.path = options.model
    settings.model_alias = {options.alias}
    settings.api_keys = [options.key] if options.key else []
    settings.hostnames = ["127.0.0.1"]
    settings.port = options.port
    settings.n_parallel = SLOTS
    settings.n_ctx = SLOTS * 1024
    settings.cpuparams.n_threads = THREADS
    settings.cpuparams_batch.n_threads = THREADS
    settings.n_gpu_layers = 0
    settings.warmup = False
    server = xllamacpp.Server(settings)
    print(server.listening_address.rsplit(":", 1)[-1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
