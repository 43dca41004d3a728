"""Looks for ten-word sequences of public benchmarks in training text.

    python3 -m evaluation.contamination collect OUT FILE...   hashes of the ten-word sequences (JSONL, JSON, .gz)
    python3 -m evaluation.contamination check NGRAMS COUNT    looks for them in COUNT new training problems

Only task sentences are looked at: signatures, imports and loops are alike everywhere. The benchmarks themselves
are no part of this repository and are not used for anything else here.
"""

import gzip
import hashlib
import json
import re
import sys

LENGTH = 10
_SIZE = 8


def ngrams(text):
    """All ten-word sequences and their hashes: words are lower-case runs of letters and digits."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    for start in range(len(words) - LENGTH + 1):
        sequence = " ".join(words[start : start + LENGTH])
        yield sequence, hashlib.blake2b(sequence.encode(), digest_size=_SIZE).digest()


def shared(texts, path):
    """The ten-word sequences of the texts that are in the file."""
    with open(path, "rb") as file:
        content = file.read()
    known = {content[at : at + _SIZE] for at in range(0, len(content), _SIZE)}
    return {sequence for text in texts for sequence, key in ngrams(text) if key in known}


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for element in value.values():
            yield from _strings(element)
    elif isinstance(value, list):
        for element in value:
            yield from _strings(element)


def collect(out, paths):
    """Writes the hashes of the prompts and texts (not the tests) of the files."""
    found = set()
    for path in paths:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            content = file.read()
        values = json.loads(content) if content.lstrip().startswith("[") else map(json.loads, content.splitlines())
        for record in values:
            for field in ("prompt", "text", "instruction", "code", "canonical_solution"):
                for string in _strings(record.get(field, "")):
                    found.update(key for _, key in ngrams(string))
    with open(out, "wb") as file:
        file.write(b"".join(sorted(found)))
    print(f"{len(found)} sequences of {len(paths)} files")


def check(path, count):
    """Prints the sequences that occur in the task sentences of freshly generated training problems."""
    from generator.training_text import training_problems

    found = shared((rendered.problem.text for rendered in training_problems(7, count, set())), path)
    print(len(found), *sorted(found), sep="\n")


if __name__ == "__main__":
    if sys.argv[1] == "collect":
        collect(sys.argv[2], sys.argv[3:])
    else:
        check(sys.argv[2], int(sys.argv[3]))
