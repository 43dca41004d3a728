# Compares a program with a canonical solution, input by input, by the rules of EvalPlus 0.3.1 (told in docs/benchmarks.md). It runs in
# the judge's process; `ask` is the judge's way to the program.

from cmath import isfinite
from json import loads
from math import pow, sqrt
from time import perf_counter

LEAST_SECONDS = 4.0
CANONICAL_FACTOR = 4.0
PART_SECONDS = 60.0
RELATIVE = 1e-07
LEAST_TOLERANCE = 1e-6

AS_SETS = {"similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly", "larg_nnum", "intersection_array",
           "find_dissimilar", "Diff"}
NOT_NONE = {"check_str", "text_match_three", "text_starta_endb"}


# ---- MBPP's inputs are JSON, which has no tuples, sets and complex numbers


def tuples(value):
    return tuple(tuples(item) for item in value) if isinstance(value, list) else value


def each(change, *numbers):
    return {number: lambda row: [change(argument) for argument in row] for number in numbers}


def listed(change):
    return lambda argument: [change(item) for item in argument]


def tupled(change):
    return lambda argument: tuple([change(item) for item in argument])


def first(change, *numbers):
    return {number: lambda row: [change(row[0])] + row[1:] for number in numbers}


SHAPES = {
    **each(tuple, 2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809),
    **each(listed(tuple), 63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780),
    **each(tupled(tuple), 259, 401, 445),
    **first(listed(tuple), 75, 413, 444, 753),
    **first(tuple, 250, 307, 405, 446, 617, 720, 763, 808),
    **first(tupled(lambda item: tuple(item) if isinstance(item, list) else item), 278),
    **first(listed(lambda item: set(item) if isinstance(item, list) and item else {}), 115),
    **first(lambda table: {key: tuple(value) for key, value in table.items()}, 722),
    **first(complex, 252),
    124: lambda row: [float(row[0]), complex(row[1])],
    106: lambda row: [row[0], tuple(row[1])],
    750: lambda row: [row[0], tuple(row[1])],
    580: tuples,
    615: tuples,
    791: tuples,
}


def inputs_of(dataset, task, text):
    rows = loads(text)
    change = SHAPES.get(int(task.rsplit("/", 1)[-1])) if dataset == "mbpp" else None
    return [change(row) for row in rows] if change else rows


# ---- equality


def is_floats(value):
    if isinstance(value, (list, tuple)) and value:
        return all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def number(value):
    """What NumPy makes a number of: machine integers, floats, booleans and complex numbers."""
    if not isinstance(value, (int, float, complex)) or isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        raise TypeError("no number that could be close to another")
    return value


def close(out, expected, tolerance):
    """NumPy's allclose for what tests return: numbers, and lists of one shape of them."""
    if isinstance(out, (list, tuple)) or isinstance(expected, (list, tuple)):
        return len(out) == len(expected) and all([close(a, b, tolerance) for a, b in zip(out, expected)])
    out, expected = number(out), number(expected)
    if isfinite(out) and isfinite(expected):
        return abs(out - expected) <= tolerance + RELATIVE * abs(expected)
    return out == expected


def slanted_surface(edge, height):
    """Mbpp/581 where the height is the pyramid's, not its faces'."""
    return round(edge * edge + 2 * edge * sqrt((edge / 2) ** 2 + height**2))


def padded_digit_distance(one, other):
    """Mbpp/558 with the shorter number filled up by zeros."""
    width = max(len(str(one)), len(str(other)))
    return sum(abs(int(a) - int(b)) for a, b in zip(str(one).zfill(width), str(other).zfill(width)))


def polynomial(coefficients, x):
    return sum([coefficient * pow(x, power) for power, coefficient in enumerate(coefficients)])


def special(name, arguments, out, expected, tolerance):
    """Equality where MBPP+ has a rule of its own."""
    equal = out == expected
    if name == "are_equivalent":
        return True
    if name == "sum_div":
        return equal or out == 0
    if name == "surface_Area":
        return equal or abs(out - slanted_surface(*arguments)) <= tolerance
    if name == "digit_distance_nums":
        return equal or out == padded_digit_distance(*arguments)
    if name in AS_SETS:
        return set(out) == set(expected)
    if name in NOT_NONE:
        return equal if isinstance(out, bool) else expected == (out is not None)
    return equal


class Part:
    """The base inputs, or EvalPlus' own."""

    def __init__(self, label, dataset, name, tolerance, canonical):
        self.label = label
        self.dataset = dataset
        self.name = name
        self.tolerance = tolerance
        self.canonical = canonical
        self.left = PART_SECONDS

    def run(self, inputs, copies):
        for index, (arguments, copy) in enumerate(zip(inputs, copies)):
            begun = perf_counter()
            expected = self.reference(index, copy)
            limit = max(LEAST_SECONDS, CANONICAL_FACTOR * (perf_counter() - begun))
            if self.dataset == "mbpp" and self.name in NOT_NONE:
                expected = expected is not None
            begun = perf_counter()
            out = ask(min(limit, self.left), self.name, arguments, expected)
            self.left -= perf_counter() - begun
            try:
                right = self.holds(arguments, out, expected)
            except Exception:
                right = False  # a comparison that fails is none that holds
            assert right, "%s input %d: another output" % (self.label, index)

    def reference(self, index, arguments):
        try:
            return self.canonical(*arguments)
        except Exception as error:
            raise Fault("the canonical solution fails at %s input %d: %r" % (self.label, index, error))

    def holds(self, arguments, out, expected):
        if self.dataset == "humaneval" and self.name == "find_zero":
            return abs(polynomial(*arguments, out)) <= self.tolerance
        if self.dataset == "mbpp":
            equal = special(self.name, arguments, out, expected, self.tolerance)
        else:
            equal = out == expected
        if self.tolerance == 0 and is_floats(expected):
            self.tolerance = LEAST_TOLERANCE  # and stays, for the inputs that follow
        if equal or self.tolerance == 0:
            return equal
        return type(out) is type(expected) and close(out, expected, self.tolerance)


def compare(dataset, task, name, tolerance, canonical, base, plus):
    space = {}
    exec(canonical, space)
    for label, text in (("base", base), ("plus", plus)):
        part = Part(label, dataset, name, tolerance, space[name])
        part.run(inputs_of(dataset, task, text), inputs_of(dataset, task, text))
