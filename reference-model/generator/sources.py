"""Sources of elements: what a composition loops over, and what it may ask of the elements."""

from collections.abc import Callable
from dataclasses import dataclass, field

from generator import conditions, inputs, mappings, vocabulary
from generator.problem import Parameter
from generator.vocabulary import pick_name


@dataclass
class Source:
    """A loop over elements.

    ``open`` writes the loop for an index name or None; ``iterable`` is the Python expression that a comprehension can
    loop over, if there is one; ``elements`` names them in English; ``places`` fill the code of conditions and mappings.
    """

    domain: str
    parameters: list
    element: str
    elements: str
    conditions: list
    mappings: list
    identity: object
    open: Callable
    iterable: str = ""
    one: str = ""
    places: dict = field(default_factory=dict)
    banned: frozenset = frozenset()
    detail: str = ""
    before: tuple = ()

    @property
    def name(self):
        """The name of the parameter that is looped over."""
        return self.parameters[0].name


WEIGHTS = dict(
    ints=26,
    str=14,
    strs=16,
    range=6,
    digits=5,
    divs=4,
    adj=6,
    zip=5,
    pairs=4,
    words=3,
    dict=4,
    matrix=4,
    win=5,
    prefix=3,
)
_NO_ORDER = frozenset("list first last join alt run runmax uniq rev lastk".split())
_GROWING = frozenset(("prod", "alt"))
_DIGIT_CONDITIONS = frozenset("even odd div gt lt ge le ne btw prime pos".split())
_DIGIT_MAPPINGS = frozenset("sq cube add mul rsub dist cap flr mod dblinc sqsub".split())
_ROWS = [
    ("sum", "sum(row)", "row.stream().mapToLong(y -> y).sum()", "row sums"),
    ("max", "max(row)", "Collections.max(row)", "row maximums"),
    ("min", "min(row)", "Collections.min(row)", "row minimums"),
    ("len", "len(row)", "row.size()", "row lengths"),
    ("first", "row[0]", "row.get(0)", "first elements of the rows"),
    ("last", "row[-1]", "row.get(row.size() - 1)", "last elements of the rows"),
]
_WINDOWS = [
    ("sum", "sum({})", "{}.stream().mapToLong(y -> y).sum()", "sums"),
    ("max", "max({})", "Collections.max({})", "maximums"),
    ("min", "min({})", "Collections.min({})", "minimums"),
]


def make_source(rng, domain, name=None, taken=frozenset()):
    """A source of a domain; ``name`` makes it loop over that variable, ``taken`` names are not used."""
    return _MAKERS[domain](rng, name, taken)


def _plain(pieces):
    """Those that need neither the index nor the whole input."""
    return [piece for piece in pieces if piece.needs in ("", "cap")]


def _without(pieces, *ids):
    return [piece for piece in pieces if piece.id not in ids]


def _list_name(rng, name, taken, kind="LI"):
    return name or pick_name(rng, vocabulary.PARAMETER_NAMES[kind], taken)


def _indexed(python, java, size, kind, read):
    """A loop writer that takes an index when one is needed."""

    def write(code, source, index):
        name, x = source.name, source.element
        if index:
            code.open(
                f"for {index}, {x} in enumerate({name}):",
                f"for (int {index} = 0; {index} < {name}.{size}(); {index}++)",
            )
            code.add_java(f"{kind} {x} = {name}.{read}({index});")
        else:
            code.open(python.format(x=x, n=name), java.format(x=x, n=name))

    return write


def _ints(rng, name, taken):
    name = _list_name(rng, name, taken)
    x = pick_name(rng, vocabulary.ELEMENT_NAMES["I"], taken | {name})
    noun = rng.choice(["numbers", "integers", "elements", "values"])
    return Source(
        "ints",
        [Parameter(name, "LI", inputs.integers)],
        x,
        f"{noun} in {name}",
        conditions.INTEGER_CONDITIONS,
        mappings.INTEGER_MAPPINGS,
        mappings.SAME_INTEGER,
        _indexed("for {x} in {n}:", "for (long {x} : {n})", "size", "long", "get"),
        iterable=name,
        one="number",
    )


def _str(rng, name, taken):
    name = _list_name(rng, name, taken, "S")
    x = pick_name(rng, vocabulary.ELEMENT_NAMES["C"], taken | {name})
    return Source(
        "str",
        [Parameter(name, "S", inputs.string)],
        x,
        f"characters of {name}",
        conditions.CHARACTER_CONDITIONS,
        mappings.CHARACTER_MAPPINGS,
        mappings.SAME_STRING,
        _indexed("for {x} in {n}:", "for (char {x} : {n}.toCharArray())", "length", "char", "charAt"),
        iterable=name,
        one="character",
    )


def _strs(rng, name, taken):
    name = _list_name(rng, name, taken, "LS")
    x = pick_name(rng, vocabulary.ELEMENT_NAMES["S"], taken | {name})
    return Source(
        "strs",
        [Parameter(name, "LS", inputs.words)],
        x,
        f"{rng.choice(['strings', 'words'])} in {name}",
        conditions.STRING_CONDITIONS,
        mappings.STRING_MAPPINGS,
        mappings.SAME_STRING,
        _indexed("for {x} in {n}:", "for (String {x} : {n})", "size", "String", "get"),
        iterable=name,
        one="string",
    )


def _words(rng, name, taken):
    name = name or pick_name(rng, vocabulary.SENTENCE_NAMES, taken)
    x = pick_name(rng, ["w", "word", "token"], taken)

    def write(code, source, _index):
        code.open(
            f"for {source.element} in {source.name}.split():",
            f'for (String {source.element} : {source.name}.split(" "))',
        )

    return Source(
        "words",
        [Parameter(name, "S", inputs.sentence)],
        x,
        "words of the sentence" + ("" if name == "sentence" else f" {name}"),
        _plain(conditions.STRING_CONDITIONS),
        _plain(mappings.STRING_MAPPINGS),
        mappings.SAME_STRING,
        write,
        iterable=f"{name}.split()",
    )


def _range(rng, name, taken):
    name = _list_name(rng, name, taken, "I")
    x = pick_name(rng, ["i", "j", "a"], taken | {name})

    def write(code, source, _index):
        x, n = source.element, source.name
        code.open(f"for {x} in range(1, {n} + 1):", f"for (long {x} = 1; {x} <= {n}; {x}++)")

    return Source(
        "range",
        [Parameter(name, "I", lambda rng: rng.choice([rng.randint(0, 12), rng.randint(1, 40)]))],
        x,
        f"integers from 1 to {name}",
        [c for c in _without(conditions.INTEGER_CONDITIONS, "pos", "neg", "nonneg", "absgt") if not c.needs],
        _without(_plain(mappings.INTEGER_MAPPINGS), "abs"),
        mappings.SAME_INTEGER,
        write,
        iterable=f"range(1, {name} + 1)",
        banned=_GROWING,
    )


def _digits(rng, name, taken):
    name = _list_name(rng, name, taken, "I")
    x = pick_name(rng, ["d", "digit"], taken | {name})

    def write(code, source, _index):
        code.open(f"for ch in str({source.name}):", f"for (char ch : String.valueOf({source.name}).toCharArray())")
        code.add(f"{source.element} = int(ch)", f"long {source.element} = ch - '0';")

    def draw(rng):
        return rng.choice([rng.randint(0, 99), rng.randint(100, 99999), rng.randint(1000, 9999999)])

    return Source(
        "digits",
        [Parameter(name, "I", draw)],
        x,
        f"digits of {name}",
        [c for c in conditions.INTEGER_CONDITIONS if c.id in _DIGIT_CONDITIONS],
        [m for m in mappings.INTEGER_MAPPINGS if m.id in _DIGIT_MAPPINGS],
        mappings.SAME_INTEGER,
        write,
    )


def _divs(rng, name, taken):
    name = _list_name(rng, name, taken, "I")
    x = pick_name(rng, ["d", "i"], taken | {name})

    def write(code, source, _index):
        x, n = source.element, source.name
        code.open(f"for {x} in range(1, {n} + 1):", f"for (long {x} = 1; {x} <= {n}; {x}++)")
        code.open(f"if {n} % {x} == 0:", f"if ({n} % {x} == 0)")

    return Source(
        "divs",
        [Parameter(name, "I", lambda rng: rng.choice([rng.randint(1, 30), rng.randint(12, 120)]))],
        x,
        f"divisors of {name}",
        [c for c in _without(conditions.INTEGER_CONDITIONS, "pos", "neg", "nonneg", "absgt") if not c.needs],
        _without(_plain(mappings.INTEGER_MAPPINGS), "abs"),
        mappings.SAME_INTEGER,
        write,
        banned=_GROWING | {"dcount"},
    )


def _pair_source(rng, domain, name, taken, elements, write, second=False):
    name = _list_name(rng, name, taken)
    names = [pair for pair in vocabulary.PAIR_NAMES if name not in pair and not taken & set(pair)]
    if not names:
        return None
    a, b = rng.choice(names)
    parameters = [Parameter(name, "LI", inputs.integers)]
    if second:
        other = pick_name(rng, vocabulary.SECOND_NAMES["LI"], taken | {name, a, b})
        parameters.append(Parameter(other, "LI", inputs.integers))
        elements = elements.format(n=name, m=other)
    return Source(
        domain,
        parameters,
        "pair",
        elements.format(n=name),
        conditions.PAIR_CONDITIONS,
        mappings.PAIR_MAPPINGS,
        None,
        write,
        places=dict(a=a, b=b),
    )


def _adj(rng, name, taken):
    def write(code, source, _index):
        n, a, b = source.name, source.places["a"], source.places["b"]
        code.open(f"for i in range(len({n}) - 1):", f"for (int i = 0; i + 1 < {n}.size(); i++)")
        code.add([f"{a} = {n}[i]", f"{b} = {n}[i + 1]"], [f"long {a} = {n}.get(i);", f"long {b} = {n}.get(i + 1);"])

    return _pair_source(rng, "adj", name, taken, "pairs of neighbouring elements of {n}", write)


def _zip(rng, name, taken):
    def write(code, source, _index):
        n, m = source.name, source.parameters[1].name
        a, b = source.places["a"], source.places["b"]
        code.open(f"for {a}, {b} in zip({n}, {m}):", f"for (int i = 0; i < Math.min({n}.size(), {m}.size()); i++)")
        code.add_java(f"long {a} = {n}.get(i);", f"long {b} = {m}.get(i);")

    elements = "pairs of elements at the same index of {n} and {m}"
    return _pair_source(rng, "zip", name, taken, elements, write, second=True)


def _pairs(rng, name, taken):
    def write(code, source, _index):
        n, a, b = source.name, source.places["a"], source.places["b"]
        code.open(f"for i in range(len({n})):", f"for (int i = 0; i < {n}.size(); i++)")
        code.open(f"for j in range(i + 1, len({n})):", f"for (int j = i + 1; j < {n}.size(); j++)")
        code.add([f"{a} = {n}[i]", f"{b} = {n}[j]"], [f"long {a} = {n}.get(i);", f"long {b} = {n}.get(j);"])

    elements = "pairs of elements of {n} (each pair of different positions once)"
    return _pair_source(rng, "pairs", name, taken, elements, write)


def _dict(rng, name, taken):
    name = _list_name(rng, name, taken, "MSI")
    x = pick_name(rng, ["value", "val", "v"], taken | {name})

    def write(code, source, _index):
        x, n = source.element, source.name
        code.open(f"for {x} in {n}.values():", f"for (long {x} : {n}.values())")

    return Source(
        "dict",
        [Parameter(name, "MSI", inputs.word_map)],
        x,
        f"values in the map {name}",
        _plain(conditions.INTEGER_CONDITIONS),
        _plain(mappings.INTEGER_MAPPINGS),
        mappings.SAME_INTEGER,
        write,
        iterable=f"{name}.values()",
        banned=_NO_ORDER,
    )


def _matrix(rng, name, taken):
    name = _list_name(rng, name, taken, "LLI")
    x = pick_name(rng, ["v", "value", "r"], taken | {name})
    detail, python, java, noun = rng.choice(_ROWS)

    def write(code, source, _index):
        code.open(f"for row in {source.name}:", f"for (ArrayList<Long> row : {source.name})")
        code.add(f"{source.element} = {python}", f"long {source.element} = {java};")

    return Source(
        "matrix",
        [Parameter(name, "LLI", inputs.ragged_rows)],
        x,
        f"{noun} of {name}",
        _plain(conditions.INTEGER_CONDITIONS),
        _plain(mappings.INTEGER_MAPPINGS),
        mappings.SAME_INTEGER,
        write,
        detail=detail,
    )


def _win(rng, name, taken):
    name = _list_name(rng, name, taken)
    x = pick_name(rng, ["v", "cur", "w"], taken | {name})
    width = rng.randint(2, 4)
    detail, python, java, noun = rng.choice(_WINDOWS)

    def write(code, source, _index):
        n = source.name
        code.open(f"for i in range(len({n}) - {width - 1}):", f"for (int i = 0; i + {width} <= {n}.size(); i++)")
        code.add(
            f"{source.element} = {python.format(f'{n}[i:i + {width}]')}",
            f"long {source.element} = {java.format(f'{n}.subList(i, i + {width})')};",
        )

    return Source(
        "win",
        [Parameter(name, "LI", inputs.integers)],
        x,
        f"{noun} of every {width} consecutive elements of {name}",
        _plain(conditions.INTEGER_CONDITIONS),
        _plain(mappings.INTEGER_MAPPINGS),
        mappings.SAME_INTEGER,
        write,
        detail=detail,
    )


def _prefix(rng, name, taken):
    name = _list_name(rng, name, taken)
    x = pick_name(rng, ["acc", "running", "prefix"], taken | {name})

    def write(code, source, _index):
        code.open(f"for y in {source.name}:", f"for (long y : {source.name})")
        code.add(f"{source.element} += y", f"{source.element} += y;")

    return Source(
        "prefix",
        [Parameter(name, "LI", inputs.integers)],
        x,
        f"prefix sums of {name}",
        [c for c in conditions.INTEGER_CONDITIONS if not c.needs],
        _plain(mappings.INTEGER_MAPPINGS),
        mappings.SAME_INTEGER,
        write,
        before=(f"{x} = 0", f"long {x} = 0;"),
    )


_MAKERS = dict(
    ints=_ints,
    str=_str,
    strs=_strs,
    range=_range,
    digits=_digits,
    divs=_divs,
    adj=_adj,
    zip=_zip,
    pairs=_pairs,
    words=_words,
    dict=_dict,
    matrix=_matrix,
    win=_win,
    prefix=_prefix,
)
