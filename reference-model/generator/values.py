"""Value types of the problems: their names and literals in Python and Java, and what values are allowed.

A type is a short code: I integer, B boolean, S string, LI list of integers, LS list of strings,
LLI list of integer lists, MSI map from strings to integers, MII map from integers to integers.
"""

import json

PYTHON_TYPES = {
    "I": "int",
    "B": "bool",
    "S": "str",
    "LI": "List[int]",
    "LS": "List[str]",
    "MSI": "Dict[str, int]",
    "MII": "Dict[int, int]",
    "LLI": "List[List[int]]",
}
JAVA_TYPES = {
    "I": "long",
    "B": "boolean",
    "S": "String",
    "LI": "ArrayList<Long>",
    "LS": "ArrayList<String>",
    "MSI": "HashMap<String,Long>",
    "MII": "HashMap<Long,Long>",
    "LLI": "ArrayList<ArrayList<Long>>",
}
_ELEMENT = {"LI": "I", "LS": "S", "LLI": "LI"}
LARGEST = 2**53


def python_literal(value):
    """The value as Python source."""
    return repr(value)


def java_literal(value, kind, inner=False):
    """The value as a Java expression in MultiPL-E's style: bracketed, and cast when it is an element."""
    if kind == "I":
        return f"(long){value}l" if inner else f"({value}l)"
    if kind == "B":
        return "(true)" if value else "(false)"
    if kind == "S":
        return ("(String)" if inner else "(") + json.dumps(value) + ("" if inner else ")")
    if kind in _ELEMENT:
        name = JAVA_TYPES[kind]
        elements = ", ".join(java_literal(element, _ELEMENT[kind], True) for element in value)
        body = f"new {name}(Arrays.asList({elements}))"
        return f"({name}){body}" if inner else f"({body})"
    entries = ", ".join(f"{_java_key(key)}, {element}l" for key, element in value.items())
    return f"(new {JAVA_TYPES[kind]}(Map.of({entries})))"


def _java_key(key):
    return json.dumps(key) if isinstance(key, str) else f"{key}l"


def is_allowed(value):
    """Whether both languages hold the value exactly and a prompt can show it."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) < LARGEST
    if isinstance(value, str):
        return len(value) < 100 and value.isascii() and value.isprintable()
    if isinstance(value, list):
        return len(value) < 40 and all(map(is_allowed, value))
    if isinstance(value, dict):
        return len(value) <= 9 and all(is_allowed(k) and is_allowed(v) for k, v in value.items())
    return False
