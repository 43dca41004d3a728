"""Writes checkpoint/ (a random Llama of two layers) and autograd.json: a quantized start, the mean KL to the 16-bit weights, and its
gradients by latent codes and logarithms of scales, by PyTorch's autograd in fp64. Deterministic; see README.md for versions."""
import base64
import json
import struct
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
HIDDEN, INTERMEDIATE, HEADS, KEYS, DIM, VOCABULARY, LAYERS = 32, 40, 4, 2, 16, 24, 2
EPS, THETA, BLOCK = 1e-5, 10000.0, 32
WINDOWS, LENGTH = 3, 12
# Of a layer's linears in the graph's order: outputs, inputs, bits; the first is symmetric.
LINEARS = [("self_attn.q_proj", HEADS * DIM, HIDDEN, 2), ("self_attn.k_proj", KEYS * DIM, HIDDEN, 3), ("self_attn.v_proj", KEYS * DIM, HIDDEN, 4),
           ("self_attn.o_proj", HIDDEN, HEADS * DIM, 8), ("mlp.gate_proj", INTERMEDIATE, HIDDEN, 2), ("mlp.up_proj", INTERMEDIATE, HIDDEN, 3),
           ("mlp.down_proj", HIDDEN, INTERMEDIATE, 2)]
random = np.random.default_rng(4)


def normal(shape, deviation):
    return random.normal(0, deviation, shape).astype(np.float32)


def weights():
    tensors = {"model.embed_tokens.weight": normal((VOCABULARY, HIDDEN), 0.7)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        tensors[prefix + "input_layernorm.weight"] = 1 + normal((HIDDEN,), 0.2)
        tensors[prefix + "post_attention_layernorm.weight"] = 1 + normal((HIDDEN,), 0.2)
        for name, n, k, _ in LINEARS:
            tensors[f"{prefix}{name}.weight"] = normal((n, k), 0.25)
    tensors["model.norm.weight"] = 1 + normal((HIDDEN,), 0.2)
    return tensors


def safetensors(tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + tensor.nbytes]}
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def quantize(weight, bits, symmetric):
    n, k = weight.shape
    blocks, largest = -(-k // BLOCK), 2**bits - 1
    codes = np.zeros((n, k), np.uint8)
    scales, zeros = np.zeros((n, blocks), np.float16), np.zeros((n, blocks), np.uint8)
    for block in range(blocks):
        part = weight[:, block * BLOCK:(block + 1) * BLOCK]
        low, high = np.minimum(part.min(1), 0), np.maximum(part.max(1), 0)
        scale = (2 * np.maximum(-low, high) if symmetric else high - low) / largest
        scales[:, block] = scale
        wide = scales[:, block].astype(np.float32)
        zeros[:, block] = 2 ** (bits - 1) if symmetric else np.rint(-low / wide)
        codes[:, block * BLOCK:(block + 1) * BLOCK] = np.clip(np.rint(part / wide[:, None]) + zeros[:, block, None], 0, largest)
    return codes, scales, zeros


def norm(x, gain):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + EPS) * gain


def rotate(x, heads):
    tokens = x.shape[0]
    x = x.view(tokens, heads, 2, DIM // 2)
    frequency = (THETA ** (-2.0 * np.arange(DIM // 2) / DIM)).astype(np.float32)
    angle = torch.tensor((np.arange(tokens, dtype=np.float32)[:, None] * frequency).astype(np.float64))[:, None]
    first, second = x[:, :, 0], x[:, :, 1]
    return torch.cat([first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()], -1)


def logits(tensors, linear, ids):
    x = tensors["model.embed_tokens.weight"][ids]
    tokens = len(ids)
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        w = {name: linear(f"{prefix}{name}.weight") for name, *_ in LINEARS}
        h = norm(x, tensors[prefix + "input_layernorm.weight"])
        q = rotate(h @ w["self_attn.q_proj"].T, HEADS)
        k = rotate(h @ w["self_attn.k_proj"].T, KEYS).repeat_interleave(HEADS // KEYS, 1)
        v = (h @ w["self_attn.v_proj"].T).view(tokens, KEYS, DIM).repeat_interleave(HEADS // KEYS, 1)
        scores = torch.einsum("ihd,jhd->hij", q, k) / DIM**0.5
        scores = scores.masked_fill(torch.ones(tokens, tokens).triu(1).bool(), -torch.inf)
        x = x + torch.einsum("hij,jhd->ihd", scores.softmax(-1), v).reshape(tokens, -1) @ w["self_attn.o_proj"].T
        h = norm(x, tensors[prefix + "post_attention_layernorm.weight"])
        x = x + (torch.nn.functional.silu(h @ w["mlp.gate_proj"].T) * (h @ w["mlp.up_proj"].T)) @ w["mlp.down_proj"].T
    return norm(x, tensors["model.norm.weight"]) @ tensors["model.embed_tokens.weight"].T


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def main():
    arrays = weights()
    (HERE / "checkpoint" / "model.safetensors").write_bytes(safetensors(arrays))
    (HERE / "checkpoint" / "config.json").write_text(json.dumps({
        "architectures": ["LlamaForCausalLM"], "vocab_size": VOCABULARY, "hidden_size": HIDDEN, "intermediate_size": INTERMEDIATE,
        "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": KEYS, "head_dim": DIM, "rms_norm_eps": EPS,
        "rope_theta": THETA, "max_position_embeddings": 64, "bos_token_id": 0, "eos_token_id": 1, "tie_word_embeddings": True}, indent=1))
    (HERE / "checkpoint" / "tokenizer.json").write_text('{"model": {"vocab": {"a": 0}}}')
    tensors = {name: torch.tensor(array, dtype=torch.float64) for name, array in arrays.items()}
    windows = random.integers(0, VOCABULARY, (WINDOWS, LENGTH))
    start, latent = {}, {}
    for layer in range(LAYERS):
        for i, (name, _, _, bits) in enumerate(LINEARS):
            full = f"model.layers.{layer}.{name}.weight"
            codes, scales, zeros = quantize(arrays[full], bits, i == 0)
            u = torch.tensor(codes, dtype=torch.float64, requires_grad=True)
            log = torch.zeros(scales.shape, dtype=torch.float64, requires_grad=True)
            start[full], latent[full] = (codes, scales, zeros, bits), (u, log)

    def trained(full):
        codes, scales, zeros, bits = start[full]
        u, log = latent[full]
        spread = lambda t: t.repeat_interleave(BLOCK, 1)[:, :u.shape[1]]
        q = u + (u.round().clamp(0, 2**bits - 1) - u).detach()
        scale = torch.tensor(scales.astype(np.float64)) * log.exp()
        return (q - spread(torch.tensor(zeros.astype(np.float64)))) * spread(scale)

    loss = 0
    for ids in windows:
        with torch.no_grad():
            teacher = logits(tensors, tensors.get, ids).log_softmax(-1)
        student = logits(tensors, trained, ids).log_softmax(-1)
        loss = loss + (teacher.exp() * (teacher - student)).sum()
    loss = loss / windows.size
    loss.backward()
    linears = []
    for full, (codes, scales, zeros, bits) in start.items():
        u, log = latent[full]
        linears.append({"name": full, "n": codes.shape[0], "k": codes.shape[1], "bits": bits, "symmetric": full.endswith("q_proj.weight"),
                        "codes": text(codes), "scales": text(scales), "zeroPoints": text(zeros),
                        "codeGradient": text(u.grad.numpy().astype(np.float32)), "scaleGradient": text(log.grad.numpy().astype(np.float32))})
    (HERE / "autograd.json").write_text(json.dumps(
        {"blockSize": BLOCK, "windows": windows.tolist(), "loss": loss.item(), "linears": linears}, indent=1))


main()
