"""Programs without their names and constants, to tell whether two are the same up to renaming.

The normal form is the sequence of tokens in which every identifier that the program itself chooses becomes its number
of first appearance, every number or string literal becomes one mark, and what the language or its library names
(keywords, built-ins, members after a dot, Java's types) stays. Python keeps its indentation depth.
"""

import builtins
import hashlib
import keyword
import re

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*|//[^\n]*) | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<number>\d+(?:\.\d+)?[lLfFdD]?\b) | (?P<name>[A-Za-z_]\w*)
    | (?P<operator>\*\*=?|//=?|<<|>>|->|::|[-+*/%&|^=!<>]=|&&|\|\||\+\+|--|[^\w\s])""",
    re.VERBOSE,
)
PYTHON_TOKEN = re.compile(_TOKEN.pattern.replace("|//[^\\n]*", ""), re.VERBOSE)
_PYTHON_NAMES = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_JAVA_NAMES = frozenset(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends final "
    "finally float for if implements import instanceof int interface long native new null package private protected "
    "public return short static super switch this throw throws true false try void volatile while".split()
)


def normal_form(program, language):
    """The normal form of a program in ``python`` or ``java``."""
    if language == "python":
        lines = [line for line in program.split("\n") if line.strip()]
        outer = min((len(line) - len(line.lstrip()) for line in lines), default=0)
        numbers, parts = {}, []
        for line in lines:
            depth = (len(line) - len(line.lstrip()) - outer) // 4
            parts.append(f">{depth} " + " ".join(_tokens(line, PYTHON_TOKEN, _is_python_name, numbers)))
        return "\n".join(parts)
    return " ".join(_tokens(program, _TOKEN, _is_java_name, {}))


def digest(program, language, size=5):
    """The first bytes of the SHA-256 of a program's normal form."""
    return hashlib.sha256(f"{language}:{normal_form(program, language)}".encode()).digest()[:size]


def _tokens(text, pattern, is_given, numbers):
    before = ""
    for match in pattern.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "comment":
            continue
        if kind == "string":
            yield "'"
        elif kind == "number":
            yield "0"
        elif kind == "name" and before != "." and not is_given(token):
            yield "v" + str(numbers.setdefault(token, len(numbers)))
        else:
            yield token
        before = token


def _is_python_name(token):
    return token in _PYTHON_NAMES


def _is_java_name(token):
    return token in _JAVA_NAMES or token[0].isupper()
