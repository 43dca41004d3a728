"""Held-out text for measuring fidelity: ``python3 -m generator.heldout_text OUT.jsonl.gz BENCHMARK_DIR``.

Problems with solutions, in both languages, whose keys are held out of training and do not occur in the benchmark.
"""

import gzip
import json
import random
import sys

from generator import benchmark
from generator.rendering import render
from generator.split import may_test
from generator.training_text import DRAWS, program_digests

SEED, PROBLEMS = 21, 240
STRATA = ("single", "two-stage", "three-stage")


def documents(benchmark_folder):
    """The documents, alternately Python and Java."""
    rng = random.Random(SEED)
    keys = {record["key"] for record in benchmark.read(benchmark_folder)["py"]}
    digests, count = benchmark.canonical_digests(benchmark_folder), 0
    while count < PROBLEMS:
        stratum = STRATA[count % len(STRATA)]
        problem = DRAWS[stratum](rng)
        if problem is None or problem.key in keys or not may_test(problem):
            continue
        if program_digests(problem) & digests:
            continue
        rendered = render(rng, problem, tries=6, tests=3)
        if rendered:
            keys.add(problem.key)
            count += 1
            yield _document(problem, "python", rendered.python.prompt + rendered.python.canonical + "\n")
            yield _document(problem, "java", rendered.java.prompt + rendered.java.canonical + "\n    }\n}\n")


def _document(problem, language, text):
    return {"text": text, "source": "reference-model generator", "kind": "code", "lang": language, "key": problem.key}


def main():
    lines = [json.dumps(document) + "\n" for document in documents(sys.argv[2])]
    with open(sys.argv[1], "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write("".join(lines).encode())


if __name__ == "__main__":
    main()
