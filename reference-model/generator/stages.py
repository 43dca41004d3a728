"""Problems of two and three stages: the next stage works on the list that one makes, or two results meet."""

import re
from dataclasses import dataclass, replace

from generator import vocabulary
from generator.composition import compose
from generator.families import FAMILIES
from generator.problem import Problem
from generator.reductions import LISTS_OF_INTEGERS, LISTS_OF_STRINGS, SINGLE_INTEGERS
from generator.values import JAVA_TYPES
from generator.vocabulary import pick_name

_FIRST_DOMAINS = {
    "LI": "ints ints adj win prefix zip range digits divs strs str matrix".split(),
    "LS": "strs strs str words".split(),
}
_LATER_DOMAINS = {"LI": "ints ints ints ints adj win prefix pairs".split(), "LS": ["strs"]}
_PAIR_DOMAINS = "ints ints strs str range digits adj win".split()
_SAME_INPUT = {"adj": _LATER_DOMAINS["LI"], "win": _LATER_DOMAINS["LI"], "ints": _LATER_DOMAINS["LI"]}
_DECLARED = re.compile(
    r"(?:\blong|\bLong|\bint|\bchar|String|StringBuilder|boolean|[A-Z]\w*(?:<[A-Za-z<>, ]+>)|char\[\]) "
    r"([a-z_]\w*)(?= =|;| :)"
)
_LAMBDA = re.compile(r"\(?\b([a-z]\w*)(?:, ([a-z]\w*)\))? ->")


@dataclass(frozen=True)
class Finish:
    """How two results become one: the English and the code with ``{a}`` and ``{b}``."""

    id: str
    result: str
    text: str
    python: str
    java: str = ""


FINISHES = [
    Finish("minus", "I", "{a} minus {b}", "{a} - {b}"),
    Finish("plus", "I", "the sum of {a} and {b}", "{a} + {b}"),
    Finish("larger", "I", "the larger of {a} and {b}", "max({a}, {b})", "Math.max({a}, {b})"),
    Finish("smaller", "I", "the smaller of {a} and {b}", "min({a}, {b})", "Math.min({a}, {b})"),
    Finish("greater", "B", "whether {a} is greater than {b}", "{a} > {b}"),
    Finish("equal", "B", "whether {a} and {b} are equal", "{a} == {b}"),
    Finish("times", "I", "{a} times {b}", "{a} * {b}"),
    Finish("list", "LI", "a list of {a} and {b}", "[{a}, {b}]", "new ArrayList<>(Arrays.asList({a}, {b}))"),
    Finish("apart", "I", "the absolute difference of {a} and {b}", "abs({a} - {b})", "Math.abs({a} - {b})"),
    Finish("twice", "I", "{a} plus twice {b}", "{a} + 2 * {b}"),
    Finish("parity", "B", "whether {a} plus {b} is even", "({a} + {b}) % 2 == 0"),
]


@dataclass
class Part:
    """The code and text gathered so far, and the names that it uses."""

    parameters: list
    python: list
    java: list
    text: list
    keys: list
    taken: set

    def extended(self, problem, variable):
        """This part followed by a stage whose result goes to ``variable`` (None: it is returned); None if unfit."""
        known = {parameter.name for parameter in self.parameters}
        added = [p for p in problem.parameters if p.name not in known and p.name not in self.taken]
        python, java = problem.python.split("\n"), problem.java.split("\n")
        if variable is not None:
            if not _returns_once(python) or not _returns_once(java):
                return None
            python[-1] = python[-1].replace("return ", f"{variable} = ", 1)
            java[-1] = java[-1].replace("return ", f"{JAVA_TYPES[problem.result]} {variable} = ", 1)
        top, every = declared_names("\n".join(java))
        others = known | {p.name for p in added}
        if every & (others | self.taken) or len(others) > 3:
            return None
        phrase = _as_noun(problem.text)
        if phrase is None:
            return None
        sentence = f"Let {variable} be {phrase}." if variable else f"Return {phrase}."
        return Part(
            self.parameters + added,
            self.python + python,
            self.java + java,
            [*self.text, sentence],
            [*self.keys, problem.key],
            self.taken | top | others | ({variable} if variable else set()),
        )


def declared_names(java):
    """The names that a Java body declares: those at its top level, and all with lambda parameters."""
    top, every = set(), set()
    for line in java.split("\n"):
        names = set(_DECLARED.findall(line))
        lambdas = {name for found in _LAMBDA.findall(line) for name in found if name}
        every |= names | lambdas
        if len(line) - len(line.lstrip()) == 8 and not line.lstrip().startswith("for"):
            top |= names
    return top, every


def two_stages(rng):
    """A problem of two stages, or None if the draw does not fit."""
    if rng.random() < 0.62:
        kind = rng.choices(["LI", "LS"], [78, 22])[0]
        return _sequence(rng, [kind])
    return _pair(rng, _empty())


def three_stages(rng):
    """A problem of three stages, or None if the draw does not fit."""
    kind = rng.choices(["LI", "LS"], [78, 22])[0]
    if rng.random() < 0.6:
        return _sequence(rng, [kind, kind])
    variable = rng.choice(vocabulary.STAGE_NAMES)
    first = _first_list(rng, kind)
    part = first and _empty().extended(first, variable)
    return _pair(rng, part, variable, kind) if part else None


def _empty():
    return Part([], [], [], [], [], set())


def _sequence(rng, kinds):
    part, name = _empty(), None
    for place, kind in enumerate(kinds):
        variable = rng.choice(vocabulary.SECOND_STAGE_NAMES if place else vocabulary.STAGE_NAMES)
        if place:
            problem = _later_list(rng, kind, name, part.taken | {variable})
        else:
            problem = _first_list(rng, kind)
        part = problem and part.extended(problem, variable)
        if not part or variable == name:
            return None
        name = variable
    last = _last(rng, kinds[-1], name, part.taken)
    part = last and part.extended(last, None)
    if not part or not last.text.startswith("Return ") or part.parameters[0].name == name:
        return None
    return _problem(rng, part, "seq", last.result, "")


def _pair(rng, part, name=None, kind="LI"):
    a, b = rng.choice(vocabulary.RESULT_NAME_PAIRS)
    if {a, b} & part.taken:
        return None
    before = len(part.keys)
    domain = rng.choice(_LATER_DOMAINS[kind] if name else _PAIR_DOMAINS)
    first = _single(rng, domain, name, part.taken | {a, b})
    if first is None or {a, b} & {p.name for p in first.parameters}:
        return None
    part = part.extended(first, a)
    if part is None:
        return None
    name = name or first.parameters[0].name
    second = _single(rng, rng.choice(_SAME_INPUT.get(domain, [domain])), name, (part.taken | {b}) - {name})
    if second is None or second.text == first.text or second.key == first.key:
        return None
    part = replace(part, taken=part.taken)
    part = part.extended(second, b)
    if part is None:
        return None
    finish = rng.choice(FINISHES)
    names = dict(a=a, b=b)
    part.python.append("    return " + finish.python.format(**names))
    part.java.append("        return " + (finish.java or finish.python).format(**names) + ";")
    part.text.append(f"Return {finish.text.format(**names)}.")
    return _problem(rng, part, "pair" if before == 0 else "seq+pair", finish.result, "|" + finish.id)


def _first_list(rng, kind):
    if rng.random() < 0.25:
        return _family_stage(rng, [kind])
    reductions = LISTS_OF_INTEGERS if kind == "LI" else LISTS_OF_STRINGS
    problem = compose(rng, rng.choice(_FIRST_DOMAINS[kind]), stage=True, reductions=reductions)
    return problem if problem and problem.result == kind else None


def _later_list(rng, kind, name, taken):
    if rng.random() < 0.2:
        return _family_stage(rng, [kind], kind, name, taken)
    reductions = LISTS_OF_INTEGERS if kind == "LI" else LISTS_OF_STRINGS
    domain = rng.choice(_LATER_DOMAINS[kind])
    problem = compose(rng, domain, name, True, reductions, frozenset(taken - {name}))
    return problem if problem and problem.result == kind else None


def _last(rng, kind, name, taken):
    if rng.random() < 0.25:
        return _family_stage(rng, ["I", "B", "LI", "LS", "S", "MSI"], kind, name, taken)
    return compose(rng, rng.choice(_LATER_DOMAINS[kind]), name, True, None, frozenset(taken - {name}))


def _single(rng, domain, name, taken):
    problem = compose(rng, domain, name, True, SINGLE_INTEGERS, frozenset(taken - {name}))
    return problem if problem and problem.result == "I" else None


def _family_stage(rng, results, first_kind=None, name=None, taken=frozenset()):
    """A family as a stage, its own variables renamed where another stage uses the same names."""
    fitting = [f for f in FAMILIES.values() if first_kind is None or f.parameters[0][1] == first_kind]
    problem = rng.choice(fitting).draw(rng, taken=taken - {name}, first_name=name)
    if problem is None or problem.result not in results or not problem.text.startswith("Return "):
        return None
    top, every = declared_names(problem.java)
    if name in every:
        return None
    for own in sorted(top & taken):
        new = pick_name(rng, vocabulary.OTHER_NAMES.get(own, [own + "_2"]), taken | every)
        use = re.compile(rf"(?<![\w.'\"]){own}\b")
        problem = replace(problem, python=use.sub(new, problem.python), java=use.sub(new, problem.java))
    return problem


def _returns_once(lines):
    return sum("return " in line for line in lines) == 1 and lines[-1].lstrip().startswith("return ")


def _as_noun(text):
    """``Return a list of ….`` as ``the list of …``; None if the text is not one such sentence."""
    if not text.startswith("Return ") or ". " in text:
        return None
    phrase = text[len("Return ") : -1]
    return "the " + phrase[2:] if phrase.startswith(("a list", "a sorted list", "a string")) else phrase


def _problem(rng, part, shape, result, finish):
    stages = len(part.keys)
    text = " ".join(part.text)
    if shape == "seq" and rng.random() < 0.3:
        *lets, last = part.text
        where = " and ".join(sentence[len("Let ") : -1].replace(" be ", " is ", 1) for sentence in reversed(lets))
        text = f"{last[:-1]}, where {where}."
    elif shape == "seq" and rng.random() < 0.3:
        text = text.replace("Let ", "First make ", 1).replace(" be ", ": ", 1)
    key = f"{shape}|" + "|".join(part.keys) + finish
    parts = list(part.keys)
    if stages == 3:
        parts += [f"seq|{part.keys[0]}|{part.keys[1]}", f"seq|{part.keys[0]}|{part.keys[2]}"]
        parts.append(
            f"seq|{part.keys[1]}|{part.keys[2]}" if shape == "seq" else f"pair|{'|'.join(part.keys[1:])}{finish}"
        )
    name = {2: "two-stage", 3: "three-stage"}[stages]
    domains = [key.split("/")[0 if not key.startswith("family/") else 1].split(":")[0] for key in part.keys]
    return Problem(
        key=key,
        family=f"{name}/{shape}/" + "-".join(domains),
        stratum=name,
        function=rng.choice(vocabulary.FUNCTION_NAMES),
        parameters=part.parameters,
        result=result,
        text=text,
        python="\n".join(part.python),
        java="\n".join(part.java),
        part_keys=parts,
    )
