"""Text for calibrating quantization: ``python3 -m generator.calibration_text OUT.jsonl.gz BENCHMARK_DIR HELDOUT.jsonl.gz``.

Training problems with solutions, in both languages, from the first shard of the training run; no text is one of the held-out ones.
"""

import gzip
import json
import sys

from generator import benchmark
from generator.training_text import shard_seed, training_problems

TRAINING_SEED, SHARD, PROBLEMS = 1, 0, 320


def documents(benchmark_folder, heldout_texts):
    """The documents, alternately Python and Java."""
    forbidden = benchmark.canonical_digests(benchmark_folder)
    for rendered in training_problems(shard_seed(TRAINING_SEED, SHARD), PROBLEMS, forbidden):
        python = rendered.python.prompt + rendered.python.canonical + "\n"
        java = rendered.java.prompt + rendered.java.canonical + "\n    }\n}\n"
        for language, text in (("python", python), ("java", java)):
            if text in heldout_texts:
                raise SystemExit(f"a text is held out: {rendered.problem.key}")
            yield {"text": text, "source": "reference-model generator", "kind": "code", "lang": language}


def read_texts(path):
    """The texts of a packed JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {json.loads(line)["text"] for line in file}


def main():
    lines = [json.dumps(document) + "\n" for document in documents(sys.argv[2], read_texts(sys.argv[3]))]
    with open(sys.argv[1], "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write("".join(lines).encode())


if __name__ == "__main__":
    main()
