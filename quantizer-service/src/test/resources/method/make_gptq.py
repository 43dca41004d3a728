"""Writes gptq.json: GPTQ in NumPy, independent of the Java code. See README.md.

Column by column as optimal brain surgery states it, in fp64, with the inverse of the Hessian of the columns that are left computed anew for each column;
no Cholesky factor, no blocks of updates.
"""

import base64
import json

import numpy as np
from make_rtn import half_not_below


def b64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def ranges(w, symmetric, bits, scales, zeros):
    top = 2**bits - 1
    for row, span in enumerate(w):
        low, high = min(span.min(), 0.0), max(span.max(), 0.0)
        if symmetric:
            scales[row], zeros[row] = half_not_below(2 * max(-low, high) / top), 2 ** (bits - 1)
        else:
            scales[row] = half_not_below((high - low) / top)
            zeros[row] = int(np.rint(-low / float(scales[row])))


def gptq(weights, inputs, bits, block, symmetric):
    n, k = weights.shape
    hessian = inputs.astype(np.float64).T @ inputs.astype(np.float64)
    hessian += 0.05 * hessian.diagonal().mean() * np.eye(k)
    w = weights.astype(np.float64)
    top, blocks = 2**bits - 1, -(-k // block)
    codes = np.zeros((n, k), dtype=np.uint8)
    scales, zeros = np.zeros((n, blocks), dtype=np.float32), np.zeros((n, blocks), dtype=np.uint8)
    for j in range(k):
        b = j // block
        if j % 128 == 0:
            # Ranges as the authors' gptq.py finds them: those of a whole batch of 128 columns, from weights as they are in front of it.
            for start in range(j, min(j + 128, k), block):
                ranges(w[:, start : start + block], symmetric, bits, scales[:, start // block], zeros[:, start // block])
        scale, zero = scales[:, b].astype(np.float64), zeros[:, b].astype(np.int64)
        q = np.clip(np.rint(w[:, j] / scale) + zero, 0, top)
        codes[:, j] = q
        inverse = np.linalg.inv(hessian[j:, j:])
        w[:, j:] -= np.outer((w[:, j] - (q - zero) * scale) / inverse[0, 0], inverse[0])
    return codes, scales, zeros


def main():
    rng = np.random.default_rng(20261126)
    cases = []
    for bits, symmetric, block in ((4, False, 32), (3, True, 64), (2, False, 32)):
        n, k = 5, 160
        weights = (rng.standard_normal((n, k)) * 0.05).astype(np.float32)
        mixing = rng.standard_normal((k, k)) / np.sqrt(k) + np.eye(k)
        inputs = (rng.standard_normal((64, k)) @ mixing).astype(np.float32)
        codes, scales, zeros = gptq(weights, inputs, bits, block, symmetric)
        case = {"n": n, "k": k, "bits": bits, "blockSize": block, "symmetric": symmetric}
        case |= {"tokens": 64, "weights": b64(weights), "inputs": b64(inputs)}
        cases.append(case | {"codes": b64(codes), "scales": b64(scales), "zeroPoints": b64(zeros)})
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
