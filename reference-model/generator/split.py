"""What is held out of training: compositions by the hash of their key, and some keys of every family."""

import functools
import hashlib

from generator.families import FAMILIES

# one key in so many is held out: for a single composition, one of two stages, one of three
_ONE_IN = {"single": 10, "two-stage": 6, "three-stage": 3}


def is_held_out(key, stratum):
    """Whether a key is held out of training."""
    if key.startswith("family/"):
        return key in held_out_family_keys()
    return int.from_bytes(hashlib.sha256(f"fewbit-2|{key}".encode()).digest()[:4], "big") % _ONE_IN[stratum] == 0


@functools.cache
def held_out_family_keys():
    """The held-out keys of all families."""
    return frozenset(key for family in FAMILIES.values() for key in family.keys(held_out=True))


def _parts(problem):
    """The keys of what a problem of several stages contains, each with its own stratum."""
    return [
        (key, "two-stage" if key.startswith(("seq|", "pair|")) else "single")
        for key in problem.part_keys
        if key != problem.key
    ]


def may_train(problem):
    """Whether neither the problem nor anything it contains is held out."""
    return not is_held_out(problem.key, problem.stratum) and not any(is_held_out(*part) for part in _parts(problem))


def may_test(problem):
    """Whether the whole is held out although each of its parts may occur in training."""
    return is_held_out(problem.key, problem.stratum) and not any(is_held_out(*part) for part in _parts(problem))
