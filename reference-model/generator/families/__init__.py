"""The hand-written families, by topic."""

from generator.families import collections, integers, records, sequences, texts  # noqa: F401 (they register)
from generator.families.family import FAMILIES


def draw_family(rng, held_out=False):
    """A problem of a family drawn by weight; None if that family has no such key."""
    families = list(FAMILIES.values())
    chosen = rng.choices(families, [family.weight for family in families])[0]
    return chosen.draw(rng, held_out)
