"""What the generator makes before examples and tests are chosen."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Parameter:
    """A parameter of the function: its name, its type code and how arguments are drawn."""

    name: str
    kind: str
    draw: Callable


@dataclass
class Problem:
    """A task with its canonical solutions (indented bodies without the signature).

    ``key`` says what is composed, without the constants; ``part_keys`` are the keys of everything it contains.
    """

    key: str
    family: str
    stratum: str
    function: str
    parameters: list
    result: str
    text: str
    python: str
    java: str
    part_keys: list = field(default_factory=list)
