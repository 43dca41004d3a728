"""Hand-written task families: one program text with places, and variants that fill them.

A variant is either a ``table`` (rows that change the program: they make up the key of a problem) or a plain list of
constants. Two combinations of rows whose programs are equal up to names and constants are one key.
"""

import hashlib
import itertools
import textwrap
from dataclasses import dataclass, field

from generator.normal_form import normal_form
from generator.problem import Parameter, Problem
from generator.templates import expand, reached_places
from generator.vocabulary import FUNCTION_NAMES, LIMIT_NAMES, PARAMETER_NAMES, SECOND_NAMES

FAMILIES = {}
HELD_OUT_ONE_IN = 5


@dataclass
class Family:
    """A task with its texts, programs and variants. ``result`` may be a place that a variant fills."""

    name: str
    parameters: list
    result: str
    inputs: list
    texts: list
    python: str
    java: str
    variants: dict = field(default_factory=dict)
    weight: int = 1
    forbidden_names: tuple = ()

    def __post_init__(self):
        self.tables = {name: rows for name, rows in self.variants.items() if isinstance(rows[0], dict)}
        self.lists = {name: values for name, values in self.variants.items() if name not in self.tables}
        self._classes = self._held_out = None
        self._split = {}

    def draw(self, rng, held_out=False, taken=(), first_name=None):
        """A problem of this family from the held-out or from the other keys; None if the family has none."""
        combinations = self._combinations(held_out)
        return self._make(rng, rng.choice(combinations), taken, first_name) if combinations else None

    def keys(self, held_out):
        """The keys that are held out of training, or those that are not."""
        return sorted({self._key(rows) for rows in self._combinations(held_out)})

    def _make(self, rng, rows, taken=(), first_name=None):
        values = self._values(rows, {name: rng.choice(choices) for name, choices in self.lists.items()})
        parameters = []
        for place, (kind, draw) in zip(values, zip([kind for _, kind in self.parameters], self.inputs)):
            first = not parameters
            pool = LIMIT_NAMES if place[0] == "k" else PARAMETER_NAMES[kind] if first else SECOND_NAMES[kind]
            used = {parameter.name for parameter in parameters} | set(taken) | set(self.forbidden_names)
            free = [name for name in pool if name not in used]
            if not free:
                return None
            values[place] = first_name if first and first_name else rng.choice(free)
            parameters.append(Parameter(values[place], kind, draw))
        return Problem(
            key=self._key(rows),
            family=self.name,
            stratum="family",
            function=rng.choice(FUNCTION_NAMES) if rng.random() < 0.6 else self.name,
            parameters=parameters,
            result=expand(self.result, values),
            text=" ".join(expand(rng.choice(self.texts), values).split()),
            python=_indent(expand(self.python, values), 4),
            java=_indent(expand(self.java, values), 8),
        )

    def _values(self, rows, constants):
        values = {place: place for place, _ in self.parameters}
        values.update(constants)
        for row in rows.values():
            values.update(row)
        return values

    def _key(self, rows):
        return self._class_of()[tuple(row["id"] for row in rows.values())]

    def _class_of(self):
        """Names the class of every combination of rows: those with equal programs share the first one's name."""
        if self._classes is None:
            constants = {name: choices[0] for name, choices in self.lists.items()}
            self._classes, by_program = {}, {}
            for rows in self._products():
                values = self._values(rows, constants)
                used = reached_places([self.python, self.java], values)
                telling = [f"{name}={row['id']}" for name, row in rows.items() if used & set(row)]
                key = f"family/{self.name}/" + ",".join(telling)
                for language, program in (("python", self.python), ("java", self.java)):
                    form = normal_form(expand(program, values), language)
                    key = by_program.setdefault((language, form), key)
                self._classes[tuple(row["id"] for row in rows.values())] = key
        return self._classes

    def _products(self):
        return [dict(zip(self.tables, rows)) for rows in itertools.product(*self.tables.values())]

    def _combinations(self, held_out):
        if held_out not in self._split:
            chosen = self._held_out_keys()
            self._split[held_out] = [rows for rows in self._products() if (self._key(rows) in chosen) == held_out]
        return self._split[held_out]

    def _held_out_keys(self):
        """About one key in five, by hash; rather such whose rows are all seen in keys that stay in training."""
        if self._held_out is None:
            keys = sorted(set(self._class_of().values()), key=_hash)
            wanted = 0 if len(keys) < 2 else max(1, round(len(keys) / HELD_OUT_ONE_IN))
            rows_of = {key: set() for key in keys}
            for ids, key in self._class_of().items():
                rows_of[key] |= set(enumerate(ids))
            chosen = []
            for key in keys:
                others = set().union(*(rows_of[other] for other in keys if other != key and other not in chosen))
                if len(chosen) < wanted and rows_of[key] <= others:
                    chosen.append(key)
            self._held_out = set(chosen or keys[:wanted])
        return self._held_out


def family(name, **parts):
    """Registers a family."""
    for language in ("python", "java"):
        parts[language] = textwrap.dedent(parts[language]).strip("\n")
    FAMILIES[name] = Family(name, **parts)


def table(columns, *rows):
    """The rows of a variant as dictionaries; the first column is always ``id``."""
    return [dict(zip(columns.split(), row, strict=True)) for row in rows]


def _hash(text):
    return hashlib.sha256(text.encode()).digest()


def _indent(program, width):
    return "\n".join(" " * width + line for line in program.split("\n") if line.strip())
