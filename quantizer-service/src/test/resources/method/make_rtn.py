"""Writes rtn.json, or rtn-mse.json with the argument mse: round to nearest in NumPy, independent of the Java code. See README.md."""

import base64
import json
import sys

import numpy as np


def b64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def half_not_below(step):
    if step == 0:
        return np.float16(1)
    half = np.float16(step)
    return np.nextafter(half, np.float16(np.inf)) if float(half) < step else half


def pack(codes, bits):
    """[rows, count] -> [rows, ceil(count * bits / 8)], least significant bit first."""
    stream = (codes[:, :, None] >> np.arange(bits)) & 1
    return np.packbits(stream.reshape(codes.shape[0], -1).astype(np.uint8), axis=1, bitorder="little")


STEPS = {2: 16, 3: 12, 4: 8, 8: 4}
LEAST = {2: 0.4, 3: 0.5, 4: 0.7, 8: 0.9}


def grid(low, high, bits, symmetric):
    """Scale and zero point of a range that holds zero."""
    top = 2**bits - 1
    if symmetric:
        return half_not_below(2 * max(-low, high) / top), 2 ** (bits - 1)
    scale = half_not_below((high - low) / top)
    return scale, int(np.rint(-low / float(scale)))


def rounded(w, scale, zero, bits):
    return np.clip(np.rint(w / float(scale)) + zero, 0, 2**bits - 1).astype(np.int64)


def clipped(w, low, high, bits, symmetric):
    """The ends, each shrunken, whose squared error is least; the ends are fp32."""
    steps = STEPS[bits]
    if symmetric:
        fractions = [(a, a) for a in 1 - (1 - LEAST[bits]) * np.arange(2 * steps) / (2 * steps - 1)]
    else:
        one = 1 - (1 - LEAST[bits]) * np.arange(steps) / (steps - 1)
        fractions = [(a, b) for a in one for b in one]
    best = None
    for a, b in fractions:
        ends = float(np.float32(low * a)), float(np.float32(high * b))
        scale, zero = grid(*ends, bits, symmetric)
        error = np.sum((w - (rounded(w, scale, zero, bits) - zero) * float(scale)) ** 2)
        if best is None or error < best[0]:
            best = error, ends
    return best[1]


def quantize(weights, bits, block, symmetric, mse):
    n, k = weights.shape
    blocks = -(-k // block)
    codes = np.zeros((n, blocks * block), dtype=np.int64)
    scales = np.zeros((n, blocks), dtype=np.float16)
    zero_points = np.zeros((n, blocks), dtype=np.int64)
    restored = np.zeros((n, k))
    for row in range(n):
        for b in range(blocks):
            span = slice(b * block, min((b + 1) * block, k))
            w = weights[row, span].astype(np.float64)
            low, high = min(w.min(), 0.0), max(w.max(), 0.0)
            if mse:
                low, high = clipped(w, low, high, bits, symmetric)
            scale, zero = grid(low, high, bits, symmetric)
            q = rounded(w, scale, zero, bits)
            codes[row, span] = q
            scales[row, b] = scale
            zero_points[row, b] = zero
            restored[row, span] = (q - zero) * float(scale)
    error = np.linalg.norm(restored - weights) / np.linalg.norm(weights.astype(np.float64))
    return codes, scales, zero_points, error


def main():
    mse = sys.argv[1:] == ["mse"]
    rng = np.random.default_rng(20261125)
    cases = []
    for bits in (8, 4, 3, 2):
        for symmetric in (False, True):
            for n, k, block in ((3, 64, 32), (2, 72, 64), (2, 130, 128)):
                weights = (rng.standard_normal((n, k)) * 0.05).astype(np.float32)
                weights[0, : min(k, block)] = np.abs(weights[0, : min(k, block)])  # all of one sign
                weights[-1, -2:] = 0  # a last short block of zeros where it has two weights
                weights[-1, 0] = 1.5  # an outlier
                codes, scales, zero_points, error = quantize(weights, bits, block, symmetric, mse)
                cases.append(
                    {
                        "n": n,
                        "k": k,
                        "bits": bits,
                        "blockSize": block,
                        "symmetric": symmetric,
                        "weights": b64(weights),
                        "codes": b64(pack(codes, bits)),
                        "scales": b64(scales),
                        "zeroPoints": None if symmetric else b64(pack(zero_points, bits)),
                        "relativeError": error,
                    }
                )
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
