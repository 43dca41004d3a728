"""Templates with ``$name`` places, and the pair of programs that a problem is written in."""

import re
from string import Template

_PLACE = re.compile(r"\$\{?([A-Za-z_][A-Za-z_0-9]*)\}?")


def substitute(template, values):
    """Fills the places that ``values`` knows and leaves the others alone."""
    return Template(template).safe_substitute(values)


def expand(template, values, depth=5):
    """Substitutes repeatedly, since a value may hold places itself."""
    for _ in range(depth):
        if "$" not in template:
            break
        template = substitute(template, values)
    return template


def places(template):
    """The names of the places of a template."""
    return set(_PLACE.findall(template))


def reached_places(templates, values):
    """All places met while the templates are expanded: those that the finished text really uses."""
    seen, todo = set(), set().union(*map(places, templates))
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo |= places(str(values.get(name, ""))) - seen
    return seen


class PairedCode:
    """The bodies of one function in Python and in Java, written line by line in step."""

    def __init__(self):
        self.python, self.java, self.depth = [], [], 0

    def open(self, python, java):
        """Opens a block in both languages; the Java brace is added here."""
        self.python.append("    " * (self.depth + 1) + python)
        self.java.append("    " * (self.depth + 2) + java + " {")
        self.depth += 1

    def add(self, python, java):
        """Adds one statement or a list of statements in each language."""
        self.python += ["    " * (self.depth + 1) + line for line in _lines(python)]
        self.java += ["    " * (self.depth + 2) + line for line in _lines(java)]

    def add_java(self, *lines):
        """Adds Java lines that Python's loop header already says."""
        self.java += ["    " * (self.depth + 2) + line for line in lines]

    def otherwise(self):
        """Goes on with the other branch of the block that is open."""
        self.python.append("    " * self.depth + "else:")
        self.java.append("    " * (self.depth + 1) + "} else {")

    def close(self, to_depth):
        """Closes blocks until ``to_depth`` are open."""
        while self.depth > to_depth:
            self.depth -= 1
            self.java.append("    " * (self.depth + 2) + "}")


def _lines(text):
    return [text] if isinstance(text, str) else text
