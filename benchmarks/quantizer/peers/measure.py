"""Compares a model with the 16-bit one on held-out code, by FidelityMeasurement's rule: fp32, each document alone."""

import math

import torch
from transformers import AutoModelForCausalLM


def load(directory):
    """The 16-bit model, widened to fp32."""
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")
    return model.eval()


@torch.no_grad()
def log_probabilities(model, documents):
    """For each document the log probabilities [length - 1, vocabulary] of the next token."""
    result = []
    for ids in documents:
        logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, :-1]
        result.append(torch.log_softmax(logits.double(), -1).float())
    return result


def compare(reference, model, documents):
    """Mean and 99th percentile of KL(reference || model) in nats, share of the same top token, both perplexities.

    `reference` is what log_probabilities gave for the 16-bit model.
    """
    divergences, agreed, loss, reference_loss, tokens = [], 0, 0.0, 0.0, 0
    for ids, p in zip(documents, reference):
        (q,) = log_probabilities(model, [ids])
        p, q = p.double(), q.double()
        divergences.append((p.exp() * (p - q)).sum(-1))
        agreed += int((p.argmax(-1) == q.argmax(-1)).sum())
        following = torch.tensor(ids[1:])[:, None]
        loss -= float(q.gather(1, following).sum())
        reference_loss -= float(p.gather(1, following).sum())
        tokens += len(ids) - 1
    ordered = torch.cat(divergences).sort().values
    return {
        "klMean": float(ordered.mean()),
        "klP99": float(ordered[math.ceil(0.99 * tokens) - 1]),
        "top1Agreement": agreed / tokens,
        "perplexity": math.exp(loss / tokens),
        "referencePerplexity": math.exp(reference_loss / tokens),
        "tokens": tokens,
    }
