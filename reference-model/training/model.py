"""A Llama decoder in plain PyTorch; its parameter names are those of transformers' ``LlamaForCausalLM``."""

import json
import math
import os
from dataclasses import asdict, dataclass, fields

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Config:
    """The shape of the model, in the words of a Hugging Face config.json."""

    vocab_size: int = 4096
    hidden_size: int = 256
    intermediate_size: int = 704
    num_hidden_layers: int = 6
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 64
    max_position_embeddings: int = 1024
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    def hugging_face(self):
        """The content of config.json."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            **asdict(self),
            "hidden_act": "silu",
            "attention_bias": False,
            "attention_dropout": 0.0,
            "mlp_bias": False,
            "tie_word_embeddings": True,
            "bos_token_id": 0,
            "eos_token_id": 1,
            "initializer_range": 0.02,
            "use_cache": True,
            "torch_dtype": "bfloat16",
        }


class RmsNorm(nn.Module):
    """Root mean square norm, computed in fp32."""

    def __init__(self, size, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon)).to(x.dtype) * self.weight.to(
            x.dtype
        )


def _rotate(x, cosine, sine):
    half = x.shape[-1] // 2
    return x * cosine + torch.cat((-x[..., half:], x[..., :half]), -1) * sine


class Attention(nn.Module):
    """Grouped-query attention. ``cache`` is a pair [batch, kv heads, length, head size] that is written at ``at``."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        queries, keys = (n * config.head_dim for n in (config.num_attention_heads, config.num_key_value_heads))
        self.q_proj = nn.Linear(config.hidden_size, queries, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, keys, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, keys, bias=False)
        self.o_proj = nn.Linear(queries, config.hidden_size, bias=False)

    def forward(self, x, cosine, sine, cache=None, at=0, mask=None):
        batch, length, _ = x.shape
        heads, groups, size = self.config.num_attention_heads, self.config.num_key_value_heads, self.config.head_dim
        q = self.q_proj(x).view(batch, length, heads, size).transpose(1, 2)
        k = self.k_proj(x).view(batch, length, groups, size).transpose(1, 2)
        v = self.v_proj(x).view(batch, length, groups, size).transpose(1, 2)
        q, k = _rotate(q, cosine, sine).to(v.dtype), _rotate(k, cosine, sine).to(v.dtype)
        if cache is None:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        else:
            cache[0][:, :, at : at + length] = k
            cache[1][:, :, at : at + length] = v
            k, v = cache[0][:, :, : at + length], cache[1][:, :, : at + length]
            if length == 1:  # group the query heads of a key head into rows
                scores = (q.reshape(batch, groups, heads // groups, size) @ k.transpose(-1, -2)).float() * size**-0.5
                shares = scores.masked_fill(~mask, float("-inf")).softmax(-1).to(v.dtype)
                y = (shares @ v).reshape(batch, heads, 1, size)
            else:
                y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
        return self.o_proj(y.transpose(1, 2).reshape(batch, length, -1))


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, config):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """One decoder layer."""

    def __init__(self, config):
        super().__init__()
        self.self_attn, self.mlp = Attention(config), FeedForward(config)
        self.input_layernorm = RmsNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = RmsNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x, cosine, sine, cache=None, at=0, mask=None):
        x = x + self.self_attn(self.input_layernorm(x), cosine, sine, cache, at, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    """Embedding, layers and last norm."""

    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RmsNorm(config.hidden_size, config.rms_norm_eps)


class LanguageModel(nn.Module):
    """The decoder, its embedding tied to the output. The last norm's gain stays 1: rotations keep the tie."""

    def __init__(self, config):
        super().__init__()
        self.config, self.model = config, Body(config)
        inverse = 1.0 / config.rope_theta ** (torch.arange(0, config.head_dim, 2).float() / config.head_dim)
        angles = torch.outer(torch.arange(config.max_position_embeddings).float(), inverse).repeat(1, 2)
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                into_stream = "o_proj" in name or "down_proj" in name
                scale = 1 / math.sqrt(2 * config.num_hidden_layers) if into_stream else 1
                nn.init.normal_(parameter, std=0.02 * scale)
        self.model.norm.weight.requires_grad_(False)

    def forward(self, ids, targets=None, weights=None):
        """Logits, or with targets the mean loss weighted by ``weights``."""
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, self.cosine[: ids.shape[1]], self.sine[: ids.shape[1]])
        logits = F.linear(self.model.norm(x), self.model.embed_tokens.weight)
        if targets is None:
            return logits
        loss = F.cross_entropy(logits.float().view(-1, logits.shape[-1]), targets.reshape(-1), reduction="none")
        return (loss * weights.reshape(-1)).sum() / weights.sum()

    @torch.no_grad()
    def step(self, ids, positions, caches, at, mask):
        """The logits of the last position; keys and values go to the caches from ``at`` on."""
        x = self.model.embed_tokens(ids)
        cosine, sine = self.cosine[positions][:, None], self.sine[positions][:, None]
        for layer, cache in zip(self.model.layers, caches):
            x = layer(x, cosine, sine, cache, at, mask)
        return F.linear(self.model.norm(x[:, -1]), self.model.embed_tokens.weight)


def save(model, folder):
    """Writes config.json and model.safetensors (bf16)."""
    from safetensors.torch import save_file

    os.makedirs(folder, exist_ok=True)
    tensors = {name: value.detach().to(torch.bfloat16).contiguous() for name, value in model.state_dict().items()}
    save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(model.config.hugging_face(), file, indent=2)
        file.write("\n")


def load(folder, device="cpu", dtype=torch.float32):
    """Reads a checkpoint folder."""
    from safetensors.torch import load_file

    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        content = json.load(file)
    model = LanguageModel(Config(**{field.name: content[field.name] for field in fields(Config)}))
    model.load_state_dict(load_file(os.path.join(folder, "model.safetensors")))
    return model.to(device=device, dtype=dtype).eval()
