"""The English of a single composition, in several word orders."""

from generator.templates import substitute
from generator.reductions import ALL_HOLD

_KINDS = {
    "LI": "a list of integers",
    "S": "a string",
    "LS": "a list of strings",
    "I": "an integer",
    "MSI": "a map from names to integers",
    "LLI": "a list of rows of integers",
}


def describe(rng, choices, stage):
    """The task text. As a stage of a longer problem it is one sentence that starts with ``Return``."""
    text = _sentences(rng, choices, stage) + "."
    if stage or rng.random() >= 0.25:
        return text
    first, *others = choices.parameters
    intro = rng.choice(["Given ", "You are given ", "The input is "]) + f"{_KINDS[first.kind]} {first.name}"
    if len(others) == 1 and others[0].kind == "I":
        intro += f" and an integer {others[0].name}"
    return f"{intro}. {text}"


def _sentences(rng, choices, stage):
    elements = choices.source.elements
    phrases = [substitute(rng.choice(c.piece.phrases), c.constants) for c in choices.conditions]
    condition = f" {choices.connective} ".join(phrases)
    full = f"{elements} that {condition}" if phrases else elements
    phrase = rng.choice(choices.reduction.phrases)
    constants = choices.constants
    if choices.reduction is ALL_HOLD:
        subject = rng.choice([elements, "the " + elements])
        return "Return " + substitute(phrase, {"np": subject, "cond": condition})
    if choices.counting:
        return "Return " + substitute(phrase, {"np": full, **constants})
    if choices.otherwise:
        return _branch(rng, choices, phrase, condition)
    single = substitute(rng.choice(choices.mapping.piece.singular), choices.mapping.constants)
    plural = substitute(choices.mapping.piece.plural, {**choices.mapping.constants, "np": "the " + full})
    plain = substitute(phrase, {"m": plural, **constants})
    results = substitute(phrase, {"m": "the results", **constants})
    left = substitute(phrase, {"m": "what is left", **constants})
    same = choices.mapping.piece.id == "id"
    if stage or rng.random() < 0.4:
        return f"Return {plain}"
    orders = [f"Take the {full}. Return {left}" if same else f"For each of the {full} take {single}. Return {results}"]
    if phrases and same:
        orders += [
            f"Keep only the {full}. Return {left}",
            f"Of the {elements}, only those that {condition} count. Return {left}",
            f"From the {elements}, drop all but those that {condition}. What is asked for is {left}",
        ]
    elif phrases:
        orders += [
            f"Consider the {full}. For each of them take {single}. Return {results}",
            f"Of the {elements}, only those that {condition} count; each gives {single}. Return {results}",
            f"What is asked for is {results}, where each of the {full} gives {single}",
        ]
    return rng.choice(orders)


def _branch(rng, choices, phrase, condition):
    first, second = (
        substitute(rng.choice(m.piece.singular), m.constants) for m in (choices.mapping, choices.otherwise)
    )
    source = choices.source
    first, second = (f"the {source.one} itself" if value == "itself" else value for value in (first, second))
    results = substitute(phrase, {"m": "the results", **choices.constants})
    return rng.choice(
        [
            f"For the {source.elements} that {condition}, take {first}; for all others, take {second}. "
            f"Return {results}",
            f"Replace each {source.one} of {source.name} by {second}, but those that {condition} by {first}. "
            f"Return {results}",
            f"Each of the {source.elements} gives {second}, or {first} if it is one of those that {condition}. "
            f"Return {results}",
        ]
    )
