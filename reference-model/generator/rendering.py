"""A problem with examples and tests, as the prompts and test programs of MultiPL-E."""

import json
import textwrap
from dataclasses import dataclass

from generator.values import JAVA_TYPES, PYTHON_TYPES, is_allowed, java_literal, python_literal
from generator.vocabulary import camel_case

PYTHON_STOPS = ["\ndef", "\n#", "\nif", "\nclass"]
JAVA_STOPS = ["\n    }\n"]
_JAVA_HEAD = "import java.util.*;\nimport java.util.stream.*;\nclass Problem {\n"
_DULL = (0, -1, "", 100)


@dataclass
class Rendering:
    """One language of a problem."""

    prompt: str
    canonical: str
    tests: str


@dataclass
class Rendered:
    """A problem in both languages, and how telling its tests are."""

    problem: object
    python: Rendering
    java: Rendering
    different_results: int
    dull_tests: int


def render(rng, problem, tries, tests, examples=None):
    """Draws arguments, runs the solution, chooses examples and tests; None if the problem is dull or unsafe."""
    cases = _run(rng, problem, tries)
    if cases is None or len(cases) < 3:
        return None
    by_result = {}
    for case in cases:
        by_result.setdefault(repr(case[1]), []).append(case)
    truth = problem.result == "B"
    if len(by_result) < 2 or (not truth and len(by_result) < min(3, len(cases) // 2)):
        return None
    ordered = _alternating(rng, by_result)
    shown = _examples(rng, ordered, truth, examples or rng.choice([1, 1, 2]))
    tested = [case for case in ordered if case not in shown][: tests - 1] + shown[:1]
    return Rendered(
        problem,
        _python(problem, shown, tested),
        _java(problem, shown, tested),
        len(by_result),
        sum(_is_dull(case) for case in tested),
    )


def _run(rng, problem, tries):
    signature = ", ".join(parameter.name for parameter in problem.parameters)
    namespace = {}
    exec(compile(f"def {problem.function}({signature}):\n{problem.python}\n", "canonical", "exec"), namespace)
    cases, seen = [], set()
    for _ in range(tries):
        arguments = [parameter.draw(rng) for parameter in problem.parameters]
        if repr(arguments) in seen:
            continue
        seen.add(repr(arguments))
        try:
            result = namespace[problem.function](*json.loads(json.dumps(arguments)))
        except (IndexError, ZeroDivisionError, ValueError, KeyError, OverflowError, TypeError):
            return None  # an argument that the task does not cover
        if is_allowed(result) and is_allowed(arguments):
            cases.append((arguments, result))
    return cases


def _alternating(rng, by_result):
    """The cases so that different results come first."""
    ordered, pools = [], [list(pool) for pool in by_result.values()]
    rng.shuffle(pools)
    while any(pools):
        ordered += [pool.pop(0) for pool in pools if pool]
    return ordered


def _examples(rng, ordered, truth, count):
    def cost(case):
        return _is_dull(case) and not truth, len(repr(case)) if rng.random() < 0.8 else 10

    shown = sorted(ordered[:8], key=cost)[:count]
    if truth and count == 2:
        others = [case for case in ordered if case[1] != shown[0][1]]
        shown = [shown[0], min(others, key=lambda case: len(repr(case)))]
    return shown


def _is_dull(case):
    return case[1] in _DULL or case[1] == [] or case[1] == {}


def _python(problem, shown, tested):
    signature = ", ".join(f"{p.name}: {PYTHON_TYPES[p.kind]}" for p in problem.parameters)
    types = " ".join(PYTHON_TYPES[kind] for kind in [*(p.kind for p in problem.parameters), problem.result])
    imports = [name for name in ("List", "Dict") if name in types]
    head = f"from typing import {', '.join(imports)}\n\n\n" if imports else ""
    head += f"def {problem.function}({signature}) -> {PYTHON_TYPES[problem.result]}:\n"
    text = "\n    ".join(textwrap.wrap(problem.text, 88))
    calls = "".join(
        f"    >>> {problem.function}({', '.join(map(python_literal, arguments))})\n    {python_literal(result)}\n"
        for arguments, result in shown
    )
    prompt = f'{head}    """ {text}\n{calls}    """\n'
    asserts = "".join(
        f"    assert candidate({', '.join(map(python_literal, arguments))}) == {python_literal(result)}\n"
        for arguments, result in tested
    )
    tests = f"def check(candidate):\n{asserts}\ndef test_check():\n    check({problem.function})\n\ntest_check()\n"
    return Rendering(prompt, problem.python, tests)


def _java(problem, shown, tested):
    name, kinds = camel_case(problem.function), [p.kind for p in problem.parameters]
    text = problem.text
    for python_word in ("True", "False"):
        text = text.replace(python_word, python_word.lower())

    def call(arguments):
        return f"{name}({', '.join(java_literal(a, kind) for a, kind in zip(arguments, kinds))})"

    lines = "".join(f"    // {line}\n" for line in textwrap.wrap(text, 92))
    calls = "".join(
        f"    // >>> {call(arguments)}\n    // {java_literal(result, problem.result)}\n" for arguments, result in shown
    )
    signature = ", ".join(f"{JAVA_TYPES[p.kind]} {p.name}" for p in problem.parameters)
    head = f"    public static {JAVA_TYPES[problem.result]} {name}({signature}) {{\n"
    asserts = "".join(f"    {_java_assert(call(arguments), result, problem.result)}\n" for arguments, result in tested)
    tests = f"    }}\n    public static void main(String[] args) {{\n{asserts}    }}\n\n}}\n"
    return Rendering(_JAVA_HEAD + lines + calls + head, problem.java, tests)


def _java_assert(call, result, kind):
    expected = java_literal(result, kind)
    return f"assert({call} == {expected});" if kind in ("I", "B") else f"assert({call}.equals({expected}));"
