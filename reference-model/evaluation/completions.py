"""Sampling of completions: left-padded batches, one prefill, rows that have ended are dropped."""

from dataclasses import dataclass

import torch

from training.tokenizer import EOS

_PREFILL_ROWS = 128


@dataclass(frozen=True)
class Decoding:
    """How to sample. A temperature of 0 is greedy."""

    temperature: float = 0.2
    top_p: float = 0.95
    top_k: int = 50
    longest: int = 320
    rows: int = 2048
    seed: int = 0


@torch.no_grad()
def complete(model, prompts, decoding=Decoding()):
    """Samples a completion (token ids without the end token) for each prompt (token ids)."""
    order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
    result = [None] * len(prompts)
    for start in range(0, len(order), decoding.rows):
        numbers = order[start : start + decoding.rows]
        rows = _complete_batch(model, [prompts[number] for number in numbers], decoding, decoding.seed + start)
        for number, row in zip(numbers, rows):
            result[number] = row
    return result


def _complete_batch(model, prompts, decoding, seed):
    weight, config = model.model.embed_tokens.weight, model.config
    device = weight.device
    rows, width = len(prompts), max(map(len, prompts))
    length = min(width + decoding.longest, config.max_position_embeddings)
    ids = torch.zeros(rows, width, dtype=torch.long)
    valid = torch.ones(rows, length, dtype=torch.bool)
    for row, prompt in enumerate(prompts):
        ids[row, width - len(prompt) :] = torch.tensor(prompt)
        valid[row, : width - len(prompt)] = False
    ids, valid = ids.to(device), valid.to(device)
    padding = torch.tensor([width - len(prompt) for prompt in prompts], device=device)
    shape = (rows, config.num_key_value_heads, length, config.head_dim)
    caches = [tuple(torch.zeros(shape, device=device, dtype=weight.dtype) for _ in "kv") for _ in model.model.layers]
    logits = _prefill(model, ids, padding, valid, caches)
    generator = torch.Generator(device=device).manual_seed(seed)
    output = torch.full((rows, length - width), EOS, device=device)
    live, ended = torch.arange(rows, device=device), torch.zeros(rows, dtype=torch.bool, device=device)
    for step in range(length - width):
        token = _sample(logits, decoding, generator)
        token = torch.where(ended[:, None], torch.full_like(token, EOS), token)
        output[live, step] = token[:, 0]
        ended = ended | (token[:, 0] == EOS)
        if step % 16 == 15:
            keep = (~ended).nonzero()[:, 0]
            if len(keep) == 0:
                break
            if len(keep) < 0.7 * len(ended):
                live, token, padding, valid, ended = live[keep], token[keep], padding[keep], valid[keep], ended[keep]
                caches = [(keys[keep], values[keep]) for keys, values in caches]
        if step < length - width - 1:
            at = width + step
            logits = model.step(token, (at - padding)[:, None], caches, at, valid[:, None, None, : at + 1])
    return [row[: row.index(EOS)] if EOS in row else row for row in output.tolist()]


def _prefill(model, ids, padding, valid, caches):
    rows, width = ids.shape
    logits = []
    for start in range(0, rows, _PREFILL_ROWS):
        part = slice(start, min(start + _PREFILL_ROWS, rows))
        positions = (torch.arange(width, device=ids.device)[None] - padding[part, None]).clamp(min=0)
        mask = torch.ones(width, width, dtype=torch.bool, device=ids.device).tril()[None] & valid[part, None, :width]
        mask |= torch.eye(width, dtype=torch.bool, device=ids.device)[None]  # padding sees itself, so no row is empty
        slices = [(keys[part], values[part]) for keys, values in caches]
        logits.append(model.step(ids[part], positions, slices, 0, mask[:, None]))
    return torch.cat(logits)


def _sample(logits, decoding, generator):
    values, tokens = logits.float().topk(decoding.top_k, -1)
    if decoding.temperature == 0:
        return tokens[:, :1]
    shares = (values / decoding.temperature).softmax(-1)
    shares = shares * ((shares.cumsum(-1) - shares) < decoding.top_p)
    return tokens.gather(1, torch.multinomial(shares, 1, generator=generator))
