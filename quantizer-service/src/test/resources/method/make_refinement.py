"""Writes refinement.json: rounding and refinement along both sides of a weight in NumPy, independent of the Java code. See README.md.

The loss is tr(G E H E'). Inverses of what is left are computed anew for each column and row, targets of rows are formed as the equation states
them, all in fp64; no factors, no gradients carried along.
"""

import json

import numpy as np
from make_gptq import b64, ranges


def damped(matrix, fraction):
    return matrix + fraction * matrix.diagonal().mean() * np.eye(len(matrix))


def rounded(weights, hessian, metric, bits, block):
    n, k = weights.shape
    w, top, blocks = weights.astype(np.float64), 2**bits - 1, k // block
    codes = np.zeros((n, k))
    scales, zeros = np.zeros((n, blocks)), np.zeros((n, blocks))
    for j in range(k):
        b = j // block
        if j % 128 == 0:
            for start in range(j, min(j + 128, k), block):
                ranges(w[:, start : start + block], False, bits, scales[:, start // block], zeros[:, start // block])
        aimed = w[:, j].copy()
        for row in range(n):
            codes[row, j] = np.clip(np.rint(aimed[row] / scales[row, b]) + zeros[row, b], 0, top)
            left = np.linalg.inv(metric[row:, row:])
            aimed[row:] -= (aimed[row] - (codes[row, j] - zeros[row, b]) * scales[row, b]) / left[0, 0] * left[0]
        left = np.linalg.inv(hessian[j:, j:])
        w[:, j:] -= np.outer((w[:, j] - (codes[:, j] - zeros[:, b]) * scales[:, b]) / left[0, 0], left[0])
    return codes, scales, zeros


def refined(weights, hessian, metric, codes, scales, zeros, bits, block, passes):
    n, k = weights.shape
    codes, scales, blocks = codes.copy(), scales.copy(), k // block

    def restored(row):
        return (codes[row] - np.repeat(zeros[row], block)) * np.repeat(scales[row], block)

    for row in range(n):
        target = weights[row].astype(np.float64)
        for other in range(n):
            if other != row:
                target += metric[row, other] / metric[row, row] * (weights[other] - restored(other))
        steps = np.zeros((blocks, k))
        for b in range(blocks):
            part = slice(b * block, (b + 1) * block)
            steps[b, part] = codes[row, part] - zeros[row, b]
        scales[row] = np.linalg.solve(steps @ hessian @ steps.T, steps @ hessian @ target).astype(np.float16)
        for _ in range(passes):
            for j in range(k):
                b = j // block
                wanted = restored(row)[j] + (target - restored(row)) @ hessian[j] / hessian[j, j]
                codes[row, j] = np.clip(np.rint(wanted / scales[row, b]) + zeros[row, b], 0, 2**bits - 1)
    return codes, scales


def main():
    rng = np.random.default_rng(20261127)
    cases = []
    for bits in (2, 3):
        n, k, block = 70, 64, 32
        weights = (rng.standard_normal((n, k)) * 0.05).astype(np.float32)
        inputs = rng.standard_normal((128, k)) @ (rng.standard_normal((k, k)) / np.sqrt(k) + np.eye(k))
        outputs = rng.standard_normal((160, n)) @ (rng.standard_normal((n, n)) / np.sqrt(n) + np.eye(n))
        hessian = damped((inputs.T @ inputs).astype(np.float32).astype(np.float64), 0.01)
        raw = (outputs.T @ outputs).astype(np.float32)
        metric = damped(raw.astype(np.float64), 0.3)
        codes, scales, zeros = rounded(weights, hessian, metric, bits, block)
        better, fitted = refined(weights, hessian, metric, codes, scales, zeros, bits, block, 2)
        case = {"n": n, "k": k, "bits": bits, "blockSize": block, "weights": b64(weights), "metric": b64(raw)}
        case |= {"hessian": b64(hessian.astype(np.float32)), "codes": b64(codes.astype(np.uint8))}
        case |= {"refinedCodes": b64(better.astype(np.uint8)), "refinedScales": b64(fitted.astype(np.float32))}
        cases.append(case)
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
