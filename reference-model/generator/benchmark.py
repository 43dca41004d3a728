"""Makes the held-out benchmark: ``python3 -m generator.benchmark OUT_DIR``.

The same problems in both languages, one JSON object a line, in MultiPL-E's form with the canonical solution, the key,
the family and the stratum beside it. The output depends on the seed alone.
"""

import argparse
import json
import os
import random
from collections import Counter

from generator.families import FAMILIES
from generator.normal_form import digest
from generator.rendering import JAVA_STOPS, PYTHON_STOPS, render
from generator.split import may_test
from generator.training_text import DRAWS, program_digests

SEED = 20
COUNTS = {"family": 150, "single": 90, "two-stage": 120, "three-stage": 60}
_MOST_DRAWS = 200_000
_LONGEST_TEXT, _LONGEST_JAVA = 330, 720
_PER_KIND = {"single": 12, "two-stage": 9, "three-stage": 6}


def benchmark(seed=SEED):
    """The problems of the benchmark, shuffled."""
    rng = random.Random(seed)
    chosen, programs, keys = [], set(), set()
    for stratum, wanted in COUNTS.items():
        kinds, rounds = Counter(), 0
        while sum(kinds.values()) < wanted:
            if rounds > _MOST_DRAWS:
                raise RuntimeError(f"only {sum(kinds.values())} of {wanted} {stratum} problems in {rounds} draws")
            problem = _draw(rng, stratum, rounds)
            rounds += 1
            if problem is None or problem.key in keys:
                continue
            if stratum != "family" and (not may_test(problem) or kinds[problem.family] >= _PER_KIND[stratum]):
                continue
            if len(problem.text) > _LONGEST_TEXT or len(problem.java) > _LONGEST_JAVA:
                continue
            if program_digests(problem) & programs:
                continue
            rendered = render(rng, problem, tries=60, tests=8, examples=1)
            if rendered is None or not _is_telling(rendered):
                continue
            kinds[problem.family] += 1
            keys.add(problem.key)
            programs |= program_digests(problem)
            chosen.append(rendered)
    rng.shuffle(chosen)
    return chosen


def _draw(rng, stratum, rounds):
    """A draw of a stratum; families take turns, and more than two of one only when the others have no more."""
    if stratum != "family":
        return DRAWS[stratum](rng)
    families = [family for family in FAMILIES.values() if family.keys(held_out=True)]
    return families[rounds % len(families)].draw(rng, held_out=True)


def _is_telling(rendered):
    truth = rendered.problem.result == "B"
    return rendered.different_results >= (2 if truth else 5) and (truth or rendered.dull_tests <= 4)


def records(rendered, number):
    """The Python and the Java record of a problem."""
    problem = rendered.problem
    for language, side, stops in (("py", rendered.python, PYTHON_STOPS), ("java", rendered.java, JAVA_STOPS)):
        yield {
            "name": f"Fewbit_{number:03d}_{problem.function}",
            "language": language,
            "prompt": side.prompt,
            "doctests": "keep",
            "original": "",
            "prompt_terminology": "verbatim",
            "tests": side.tests,
            "stop_tokens": stops,
            "canonical": side.canonical,
            "key": problem.key,
            "family": problem.family,
            "stratum": problem.stratum,
        }


def lines(seed=SEED):
    """The lines of both files: (python, java)."""
    both = [list(records(rendered, number)) for number, rendered in enumerate(benchmark(seed))]
    return tuple([json.dumps(pair[side]) + "\n" for pair in both] for side in (0, 1))


def read(folder):
    """The records of both files: {"py": [...], "java": [...]}."""
    names = {"py": "python.jsonl", "java": "java.jsonl"}
    result = {}
    for language, name in names.items():
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            result[language] = [json.loads(line) for line in file]
    return result


def canonical_digests(folder):
    """The digests of all canonical solutions of a benchmark folder."""
    long_names = {"py": "python", "java": "java"}
    both = read(folder)
    return {digest(r["canonical"], long_names[language]) for language, rs in both.items() for r in rs}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for name, content in zip(("python.jsonl", "java.jsonl"), lines(options.seed)):
        with open(os.path.join(options.out, name), "w", encoding="utf-8") as file:
            file.writelines(content)


if __name__ == "__main__":
    main()
