"""Writes rtn.json: round to nearest in NumPy, independent of the Java code. See README.md."""

import base64
import json

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


def quantize(weights, bits, block, symmetric):
    n, k = weights.shape
    blocks = -(-k // block)
    top = 2**bits - 1
    codes = np.zeros((n, blocks * block), dtype=np.int64)
    scales = np.zeros((n, blocks), dtype=np.float16)
    zero_points = np.zeros((n, blocks), dtype=np.int64)
    restored = np.zeros((n, k))
    for row in range(n):
        for b in range(blocks):
            span = slice(b * block, min((b + 1) * block, k))
            w = weights[row, span].astype(np.float64)
            low, high = min(w.min(), 0.0), max(w.max(), 0.0)
            if symmetric:
                scale = half_not_below(2 * max(-low, high) / top)
                zero = 2 ** (bits - 1)
            else:
                scale = half_not_below((high - low) / top)
                zero = int(np.rint(-low / float(scale)))
            q = np.clip(np.rint(w / float(scale)) + zero, 0, top).astype(np.int64)
            codes[row, span] = q
            scales[row, b] = scale
            zero_points[row, b] = zero
            restored[row, span] = (q - zero) * float(scale)
    error = np.linalg.norm(restored - weights) / np.linalg.norm(weights.astype(np.float64))
    return codes, scales, zero_points, error


def main():
    rng = np.random.default_rng(20261125)
    cases = []
    for bits in (8, 4, 3, 2):
        for symmetric in (False, True):
            for n, k, block in ((3, 64, 32), (2, 72, 64), (2, 130, 128)):
                weights = (rng.standard_normal((n, k)) * 0.05).astype(np.float32)
                weights[0, : min(k, block)] = np.abs(weights[0, : min(k, block)])  # all of one sign
                weights[-1, -2:] = 0  # a last short block of zeros where it has two weights
                weights[-1, 0] = 1.5  # an outlier
                codes, scales, zero_points, error = quantize(weights, bits, block, symmetric)
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
