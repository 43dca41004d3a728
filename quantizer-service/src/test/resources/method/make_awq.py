"""Writes awq.json: the factors, folded gains, clips and codes of awq in NumPy, independent of the Java code. See README.md.

Losses are squared errors of outputs on the inputs themselves, in fp64; no sum X'X. Rounding takes the weights in fp32, where a block's range is cut.
"""

import json

import numpy as np
from make_gptq import b64
from make_rtn import half_not_below

F32 = np.float32


def grid(span, bits, symmetric):
    """Scale and zero point for a block's weights."""
    low, high = min(float(span.min()), 0.0), max(float(span.max()), 0.0)
    if symmetric:
        return half_not_below(2 * max(-low, high) / (2**bits - 1)), 2 ** (bits - 1)
    scale = half_not_below((high - low) / (2**bits - 1))
    return scale, int(np.rint(-low / float(scale)))


def nearest(span, scale, zero, bits):
    return np.clip(np.rint(span.astype(np.float64) / float(scale)) + zero, 0, 2**bits - 1)


def rounded(weights, bits, block, symmetric):
    result = np.zeros(weights.shape)
    for row, values in enumerate(weights):
        for at in range(0, len(values), block):
            span = values[at : at + block]
            scale, zero = grid(span, bits, symmetric)
            result[row, at : at + block] = (nearest(span, scale, zero, bits) - zero) * float(scale)
    return result


def factors(magnitudes, alpha, gains):
    """What columns are multiplied with, and the gains that are stored for it."""
    powers = np.maximum(magnitudes.astype(np.float64) ** alpha, 1e-4)
    wanted = (powers / np.sqrt(powers.max() * powers.min())).astype(F32)
    stored = (gains / wanted).astype(np.float16)
    return gains / stored.astype(F32), stored


def awq(weights, inputs, gains, bits, block, symmetric):
    """Weights that share inputs."""
    x = inputs.astype(np.float64)
    magnitudes = np.abs(x).mean(axis=0).astype(F32)
    losses = []
    for step in range(21):
        s, _ = factors(magnitudes, step / 20, gains)
        loss = 0.0
        for w in weights:
            restored = rounded(w * s, bits, block, symmetric) / s.astype(np.float64)
            loss += (((restored - w.astype(np.float64)) @ x.T) ** 2).sum()
        losses.append(loss)
    best = int(np.argmin(losses))
    s, stored = factors(magnitudes, best / 20, gains)
    folded = x / s.astype(np.float64)
    parts = []
    for w in weights:
        scaled = w * s
        n, k = w.shape
        blocks = -(-k // block)
        codes = np.zeros((n, k), dtype=np.uint8)
        scales, zeros = np.zeros((n, blocks), dtype=F32), np.zeros((n, blocks), dtype=np.uint8)
        for row in range(n):
            for b in range(blocks):
                span = scaled[row, b * block : (b + 1) * block]
                seen = folded[:, b * block : (b + 1) * block]
                candidates = []
                for i in range(11):
                    cut = np.abs(span).max() * F32(1 - F32(i) / F32(20))
                    scale, zero = grid(np.clip(span, -cut, cut), bits, symmetric)
                    code = nearest(span, scale, zero, bits)
                    error = (code - zero) * float(scale) - span.astype(np.float64)
                    candidates.append((((seen @ error) ** 2).sum(), i, code, scale, zero))
                _, _, code, scale, zero = min(candidates, key=lambda c: c[:2])
                codes[row, b * block : (b + 1) * block] = code
                scales[row, b], zeros[row, b] = scale, zero
        parts.append({"n": n, "weights": b64(w), "codes": b64(codes), "scales": b64(scales), "zeroPoints": b64(zeros)})
    return best / 20, losses[best], losses[0], s, stored.astype(F32), parts


def main():
    rng = np.random.default_rng(20261127)
    cases = []
    for bits, symmetric, block in ((4, False, 32), (3, True, 64), (2, False, 32)):
        k, tokens = 80, 96
        weights = [(rng.standard_normal((n, k)) * 0.05).astype(F32) for n in (5, 3)]
        gains = (1 + 0.2 * rng.standard_normal(k)).astype(F32)
        loud = np.exp(rng.standard_normal(k))
        mixing = rng.standard_normal((k, k)) / np.sqrt(k) + np.eye(k)
        inputs = (rng.standard_normal((tokens, k)) @ mixing * loud).astype(F32)
        alpha, loss, plain, s, stored, parts = awq(weights, inputs, gains, bits, block, symmetric)
        case = {"k": k, "bits": bits, "blockSize": block, "symmetric": symmetric, "tokens": tokens}
        case |= {"inputs": b64(inputs), "gains": b64(gains), "exponent": alpha, "loss": loss, "plainLoss": plain}
        cases.append(case | {"factors": b64(s), "foldedGains": b64(stored), "parts": parts})
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
