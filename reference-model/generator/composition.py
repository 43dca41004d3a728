"""Single compositions: a source, up to three conditions, a mapping and a reduction, in both languages and English."""

from dataclasses import dataclass, field

from generator import vocabulary, wording
from generator.problem import Parameter, Problem
from generator.reductions import (
    ALL_HOLD,
    COUNT_REDUCTIONS,
    INTEGER_REDUCTIONS,
    LISTS_OF_STRINGS,
    STRING_REDUCTIONS,
)
from generator.sources import WEIGHTS, make_source
from generator.templates import PairedCode, substitute
from generator.vocabulary import pick_name

_CHARACTER_VALUED = frozenset("id up low swap const next".split())
_NEVER_PARAMETERS = frozenset(("hasd", "nohasd", "firstk"))
_DIVISORS = frozenset("div ndiv mod fdiv idxk sumk".split())
_NOT_IN_BRANCHES = frozenset("first last freq top lastk".split())
_OPPOSITES = [set(pair.split()) for pair in ("even odd", "eq ne", "idxe idxo", "sume sumo", "dse dso", "dup uniq")]
_OPPOSITES += [set(pair.split()) for pair in ("pos neg", "neg nonneg", "up low", "dig ndigit", "leven lodd", "leq lne")]
_SLOW_OR_INEXACT = frozenset(("prime", "sq"))


@dataclass
class Chosen:
    """A condition or mapping with its constants chosen and its code filled in."""

    piece: object
    constants: dict
    python: str
    java: str


@dataclass
class Composition:
    """All choices of one composition, before it is written as code and text."""

    source: object
    shape: str
    parameters: list
    conditions: list
    connective: str
    mapping: Chosen
    otherwise: Chosen
    reduction: object
    index: str
    constants: dict = field(default_factory=dict)

    @property
    def counting(self):
        """Whether elements are only counted or tested, so that their values do not matter."""
        return self.reduction in COUNT_REDUCTIONS or self.reduction is ALL_HOLD

    @property
    def key(self):
        """What is composed, without constants and names."""
        source = self.source.domain + (f":{self.source.detail}" if self.source.detail else "")
        conditions = ("+" if self.connective == "or" else "&").join(sorted(c.piece.id for c in self.conditions))
        mapping = "-" if self.counting else self.mapping.piece.id
        other = self.otherwise.piece.id if self.otherwise else ""
        return "/".join([source, conditions, mapping, other, self.reduction.id, self.shape])


def compose(rng, domain=None, name=None, stage=False, reductions=None, taken=frozenset()):
    """A single composition, or None if the draw does not fit.

    For a stage of a longer problem: ``name`` is the variable it loops over, ``reductions`` the ids that may end it and
    ``taken`` the names in use already.
    """
    domain = domain or rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    source = make_source(rng, domain, name, taken)
    choices = source and _choose(rng, source, stage, reductions, taken)
    if not choices:
        return None
    python, java = _write(rng, choices, taken)
    return Problem(
        key=choices.key,
        family=f"single/{domain}",
        stratum="single",
        function=_function_name(rng, choices),
        parameters=choices.parameters,
        result=choices.reduction.result,
        text=wording.describe(rng, choices, stage),
        python=python,
        java=java,
        part_keys=[choices.key],
    )


def _choose(rng, source, stage, reductions, taken):
    conditions, mappings, identity = source.conditions, source.mappings, source.identity
    if stage:
        conditions = [c for c in conditions if c.id not in _SLOW_OR_INEXACT]
    if reductions:
        strings = reductions is LISTS_OF_STRINGS
        mappings = [m for m in mappings if (m.result == "S") == strings and not (strings and m.id in ("drop", "chop"))]
        identity = identity if identity and (identity.result == "S") == strings else None
        if not mappings:
            return None
    branches = source.domain in ("ints", "str", "strs") and not reductions
    shape = rng.choices(["plain", "branch", "all", "nocond"], [76, 12 * branches, 0 if reductions else 5, 9])[0]
    count = 0 if shape == "nocond" else rng.choices([1, 2, 3], [75, 25, 0] if stage else [56, 36, 8])[0]
    drawn = rng.sample(conditions, count)
    if any(pair <= {piece.id for piece in drawn} for pair in _OPPOSITES):
        return None
    connective = rng.choice(["and", "and", "or"]) if count > 1 else ""
    mapping = rng.choice(mappings) if identity is None or rng.random() < 0.62 else identity
    otherwise = None
    if shape == "all":
        mapping, reduction = identity or mappings[0], ALL_HOLD
    elif shape == "branch":
        same_kind = [m for m in [*mappings, identity] if m.result == mapping.result and m.id != mapping.id]
        otherwise = rng.choice(same_kind)
        reduction = _draw_reduction(rng, mapping, reductions, source.banned | _NOT_IN_BRANCHES)
    elif shape == "plain" and rng.random() < 0.17 and (not reductions or "count" in reductions):
        allowed = [r for r in COUNT_REDUCTIONS if not reductions or r.id in reductions]
        mapping, reduction = identity or mappings[0], rng.choices(allowed, [r.weight for r in allowed])[0]
    else:
        if shape == "nocond" and mapping.id == "id":
            mapping = rng.choice(mappings)
        reduction = _draw_reduction(rng, mapping, reductions, source.banned)
    if reduction is None:
        return None
    counting = reduction in COUNT_REDUCTIONS or reduction is ALL_HOLD
    valued = [] if counting else [m for m in (mapping, otherwise) if m]
    index = None
    if any(piece.needs.startswith("i") for piece in [*drawn, *valued]):
        used = {source.element, *taken, *(p.name for p in source.parameters)}
        index = pick_name(rng, vocabulary.INDEX_NAMES, used)
    parameters = list(source.parameters)
    used = {source.element, index, *source.places.values(), *taken}
    places = {"x": source.element, "i": index or "", "L": source.name, **source.places}
    chosen = [_fill(rng, piece, places, parameters, used) for piece in [*drawn, *valued]]
    constants = dict(
        d=rng.choice([0, -1, -1, 0, 100]),
        sep=rng.choice(["-", ",", " ", "+", "/", ":"]),
        p=rng.randint(3, 11) if reduction.id == "summod" else rng.randint(2, 4),
        t=rng.randint(5, 60),
    )
    if reduction.id == "sumgt" and rng.random() < 0.5 and len(parameters) < 3:
        constants["t"] = _add_parameter(rng, parameters, used, 0, 80)
    return Composition(
        source,
        shape,
        parameters,
        chosen[:count],
        connective,
        None if counting else chosen[count],
        chosen[count + 1] if len(chosen) > count + 1 else None,
        reduction,
        index,
        constants,
    )


def _draw_reduction(rng, mapping, reductions, banned):
    every = INTEGER_REDUCTIONS if mapping.result == "I" else STRING_REDUCTIONS
    allowed = [r for r in every if r.id not in banned and (not reductions or r.id in reductions)]
    return rng.choices(allowed, [r.weight for r in allowed])[0] if allowed else None


def _fill(rng, piece, places, parameters, used):
    """Chooses the constants of a piece; now and then a constant becomes a parameter of the function."""
    if piece.constants == "remainder":
        divisor = rng.randint(3, 7)
        constants = dict(a=divisor, b=rng.randint(1, divisor - 1))
    elif piece.constants == "interval":
        low = rng.randint(piece.span[0], piece.span[1] - 8)
        constants = dict(a=low, b=low + rng.randint(4, 20))
    elif piece.constants == "replacement":
        old = rng.choice("aeiorst")
        constants = dict(a=old, b=rng.choice([c for c in "xyzo*_" if c != old]))
    elif piece.span:
        low, high = piece.span
        may_vary = low != 0 and piece.id not in _NEVER_PARAMETERS and len(parameters) < 2
        if may_vary and rng.random() < 0.22:
            low = max(low, 1) if piece.id in _DIVISORS else low
            constants = dict(k=_add_parameter(rng, parameters, used, low, high))
        else:
            constants = dict(k=rng.randint(low, high))
    elif piece.choices:
        constants = dict(k=rng.choice(piece.choices))
    else:
        constants = {}
    values = {**places, **constants}
    return Chosen(piece, constants, substitute(piece.python, values), substitute(piece.in_java, values))


def _add_parameter(rng, parameters, used, low, high):
    name = pick_name(rng, vocabulary.LIMIT_NAMES, used | {p.name for p in parameters})
    parameters.append(Parameter(name, "I", lambda rng: rng.randint(low, high)))
    return name


def joined_conditions(choices):
    """The conditions of a composition as one expression in Python and in Java."""
    connective = choices.connective
    words, signs = {"and": "and", "or": "or"}, {"and": "&&", "or": "||"}

    def join(codes, names):
        other = names["or" if connective == "and" else "and"]
        guarded = [f"({code})" if len(codes) > 1 and f" {other} " in code else code for code in codes]
        return f" {names.get(connective, '')} ".join(guarded)

    return join([c.python for c in choices.conditions], words), join([c.java for c in choices.conditions], signs)


def _write(rng, choices, taken):
    source, reduction = choices.source, choices.reduction
    in_use = {source.element, choices.index, "count", "sign", *source.places.values(), *taken}
    in_use |= {p.name for p in choices.parameters}
    accumulator = pick_name(
        rng, vocabulary.ACCUMULATORS[reduction.names], in_use - {"count"} if _free(choices) else in_use
    )
    values = {**choices.constants, "A": accumulator, "T": {"I": "Long", "S": "String"}[_kind(choices)]}
    python_condition, java_condition = joined_conditions(choices)
    short = source.iterable and reduction.comprehension and not choices.otherwise and rng.random() < 0.45
    code = PairedCode()
    code.add(*_filled(reduction.start, values))
    if source.before:
        code.add(*source.before)
    source.open(code, source, choices.index)
    opened = code.depth
    if choices.shape == "all":
        code.open(f"if not ({python_condition}):", f"if (!({java_condition}))")
    elif choices.conditions:
        code.open(f"if {python_condition}:", f"if ({java_condition})")
    inside = code.depth
    _write_step(code, choices, choices.mapping, values)
    code.close(inside)
    if choices.otherwise:
        code.otherwise()
        _write_step(code, choices, choices.otherwise, values)
    code.close(opened)
    code.close(0)
    code.add(*_filled(reduction.end, values))
    python = _comprehension(choices, python_condition, values) if short else "\n".join(code.python)
    return python, "\n".join(code.java)


def _free(choices):
    return choices.reduction.id in ("count", "cpar", "cgt")


def _kind(choices):
    return choices.mapping.piece.result if choices.mapping else "I"


def _filled(pair, values):
    def fill(text):
        return substitute(text, values) if isinstance(text, str) else [substitute(line, values) for line in text]

    return fill(pair[0]), fill(pair[1])


def _write_step(code, choices, mapping, values):
    """What happens when an element reaches the result."""
    if mapping is None:
        python = java = raw = ""
    else:
        python, raw = mapping.python, mapping.java
        is_character = choices.source.domain == "str" and mapping.piece.result == "S"
        java = f"String.valueOf({raw})" if is_character and mapping.piece.id in _CHARACTER_VALUED else raw
    for step in choices.reduction.step:
        step_python = substitute(step[0], {**values, "e": python, "E": _guarded(python, mapping)})
        step_java = substitute(step[1], {**values, "e": java, "E": _guarded(java, mapping), "r": raw})
        if step_python.endswith(":"):
            code.open(step_python, step_java)
        else:
            code.add(step_python, step_java)


def _guarded(code, mapping):
    return f"({code})" if " " in code and not (mapping and mapping.piece.atomic) else code


def _comprehension(choices, condition, values):
    source = choices.source
    target = f"{choices.index}, {source.element}" if choices.index else source.element
    loop = f"for {target} in " + (f"enumerate({source.iterable})" if choices.index else source.iterable)
    kept = loop + (f" if {condition}" if choices.conditions else "")
    value = choices.mapping.python if choices.mapping else ""
    places = {**values, "c": f"{value} {kept}", "loop": kept, "for": loop, "cond": condition}
    return "    return " + substitute(choices.reduction.comprehension, places)


def _function_name(rng, choices):
    if rng.random() < 0.75:
        return rng.choice(vocabulary.FUNCTION_NAMES)
    mapping = choices.mapping.piece.id if choices.mapping else "id"
    parts = [choices.reduction.id, *([] if mapping == "id" else [mapping])]
    parts += [c.piece.id for c in choices.conditions[:1]] + [choices.source.domain]
    return "_".join(vocabulary.SPELLED_OUT.get(part, part) for part in parts)
