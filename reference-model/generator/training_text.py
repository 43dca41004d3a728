"""The stream of training problems: everything that is not held out, in fixed shares, from a seed."""

import random

from generator.composition import compose
from generator.families import draw_family
from generator.normal_form import digest
from generator.rendering import render
from generator.split import may_train
from generator.stages import three_stages, two_stages

DRAWS = {"family": draw_family, "single": compose, "two-stage": two_stages, "three-stage": three_stages}
SHARES = {"family": 0.30, "single": 0.20, "two-stage": 0.32, "three-stage": 0.18}


def training_problems(seed, count, forbidden, shares=SHARES):
    """Yields rendered problems. ``forbidden`` holds the digests of programs that must not occur (the benchmark's)."""
    rng = random.Random(seed)
    for _ in range(count):
        stratum = rng.choices(list(shares), list(shares.values()))[0]
        rendered = None
        while rendered is None:  # keep the stratum until a draw fits, so that the shares hold
            problem = DRAWS[stratum](rng)
            if problem and may_train(problem) and not program_digests(problem) & forbidden:
                rendered = render(rng, problem, tries=6, tests=3)
        yield rendered


def program_digests(problem):
    """The digests of both solutions' normal forms."""
    return {digest(problem.python, "python"), digest(problem.java, "java")}


def shard_seed(seed, shard):
    """The seed of one shard of a training run."""
    return seed * 100_000 + shard
