"""The texts as Fewbit reads them: calibration windows and held-out documents, as token ids.

The rules are those of quantizer/calibration/CalibrationWindows and quantizer/fidelity/FidelityMeasurement, told again in Python, so
that the peers see the very ids. That they are the same is checked by the digest in an artifact's provenance.
"""

import gzip
import hashlib
import json
from pathlib import Path

from tokenizers import Tokenizer

BOS, EOS = 0, 1
CONTEXT = 1024
HELD_OUT_TOKENS = 32_768


class JavaRandom:
    """java.util.Random, whose algorithm its documentation specifies: a linear congruential generator of 48 bits."""

    _MULTIPLIER, _MASK = 0x5DEECE66D, (1 << 48) - 1

    def __init__(self, seed):
        self._state = (seed ^ self._MULTIPLIER) & self._MASK

    def _next31(self):
        self._state = (self._state * self._MULTIPLIER + 0xB) & self._MASK
        return self._state >> 17

    def below(self, bound):
        """nextInt(bound)."""
        if bound & (bound - 1) == 0:
            return (bound * self._next31()) >> 31
        while True:
            bits = self._next31()
            value = bits % bound
            if bits - value + bound - 1 < 1 << 31:  # else the int would overflow: drawn again
                return value


def shuffle(items, seed):
    """Collections.shuffle(items, new Random(seed))."""
    random = JavaRandom(seed)
    for i in range(len(items) - 1, 0, -1):
        j = random.below(i + 1)
        items[i], items[j] = items[j], items[i]


def documents(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line)["text"] for line in lines if line.strip()]


def calibration_windows(tokenizer_json, path, sequences=128, length=512, seed=0):
    """`sequences` lists of `length` ids: documents shuffled, BOS before and EOS behind each, joined, cut."""
    texts = documents(path)
    shuffle(texts, seed)
    tokenizer = Tokenizer.from_file(str(tokenizer_json))
    stream = []
    for text in texts:
        stream += tokenizer.encode(text).ids + [EOS]
        if len(stream) >= sequences * length:
            return [stream[i * length : (i + 1) * length] for i in range(sequences)]
    raise SystemExit(f"{path}: has {len(stream)} tokens; {sequences * length} are needed")


def digest(windows):
    """SHA-256 of the ids as decimal text, as in provenance.calibrationDigest."""
    text = "".join(" ".join(map(str, window)) + "\n" for window in windows)
    return hashlib.sha256(text.encode()).hexdigest()


def held_out(tokenizer_json, path):
    """Documents' ids, each with BOS and EOS, in the file's order until 32,768 positions are predicted."""
    tokenizer = Tokenizer.from_file(str(tokenizer_json))
    result, tokens = [], 0
    for text in documents(path):
        ids = (tokenizer.encode(text).ids + [EOS])[:CONTEXT]
        result.append(ids)
        tokens += len(ids) - 1
        if tokens >= HELD_OUT_TOKENS:
            break
    return result


def repository():
    return Path(__file__).resolve().parents[3]
