"""Judges a Python program inside the jail.

The service writes three frames to standard input, each behind its length: words of how to judge, the program's source and the
tests'. This process forks before it reads the third one: the child loads the program, the parent, which the child can neither read
nor trace, decides.

Two shapes, chosen from the tests alone, before the program runs:
  two-process  tests call functions with plain data: they run here, calls cross a pipe, values are rebuilt here and compared here;
  one-process  tests build or name the program's classes, or there are none: they run in the child, which shows a nonce at its end.

Words of how to judge, none of them needed:
  imported     the program is not the main module: its `__name__` is that of a program that `exec` runs in an empty namespace;
  two-process  that shape whatever the tests look like; they get `ask(seconds, name, arguments, expected)` and `Fault`, which they
               raise where what fails is theirs.

The report goes to descriptor 8: shape, verdict word, message, separated by newlines.
"""

import builtins
import os
import sys

REPORT = 8
MESSAGE_LIMIT = 2000
FRAME_LIMIT = 64 << 20
ITEM_LIMIT = 1_000_000
AST_ONLY = 0x400
LEFT_EARLY = "the program ended before its tests did"
# Requests that are no call; no function has such a name.
MORE = ">"
LOOK = "?"
ASK = "!"
FETCH = "="
# From this size on an answer is told by its digest first.
LARGE = 1 << 16
# Wall time counts as a call's own as long as its process computed, or after this many times what it was given.
PATIENCE = 3


def read_exactly(fd, size):
    parts = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame(fd):
    size = int.from_bytes(read_exactly(fd, 4), "big")
    if size > FRAME_LIMIT:
        raise EOFError
    return read_exactly(fd, size)


def write_frame(fd, data):
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(fd, data) :]


# ---- values that cross the pipe: a tag, then plain content; both sides have this code, only plain data travels


class Opaque:
    """An object of the program's own: equals nothing here."""

    def __init__(self, type_name):
        self.type_name = type_name

    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    __hash__ = None

    def __repr__(self):
        return "<" + self.type_name + " of the program>"


def library(module, name):
    """A library's type, when it was imported; an instance cannot exist where it was not."""
    loaded = sys.modules.get(module)
    return getattr(loaded, name, None) if loaded is not None else None


TEXTUAL = {b"D": ("decimal", "Decimal"), b"R": ("fractions", "Fraction")}
# Library types that are rebuilt from the arguments of their constructor.
REBUILT = {
    ("datetime", "date"): lambda v: (v.year, v.month, v.day),
    ("datetime", "datetime"): lambda v: (v.year, v.month, v.day, v.hour, v.minute, v.second, v.microsecond, v.tzinfo),
    ("datetime", "time"): lambda v: (v.hour, v.minute, v.second, v.microsecond, v.tzinfo),
    ("datetime", "timedelta"): lambda v: (v.days, v.seconds, v.microseconds),
    ("datetime", "timezone"): lambda v: (v.utcoffset(None),),
    ("array", "array"): lambda v: (v.typecode, v.tolist()),
    ("uuid", "UUID"): lambda v: (str(v),),
    ("pathlib", "PosixPath"): lambda v: (str(v),),
    ("pathlib", "PurePosixPath"): lambda v: (str(v),),
}
# What a subclass that leaves equality alone, a namedtuple or an IntEnum, is equal by: its content, taken past all it overrides.
CONTENT = {
    int: int.__pos__,
    float: float.__pos__,
    str: str.__str__,
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    list: lambda value: list.__getitem__(value, slice(None)),
    dict: dict.copy,
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}
FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, tuple, set, dict)}
# Of the interpreter's own, what is passed by name: types and functions of values alone.
NAMED = {name: getattr(builtins, name) for name in (
    "int float complex str bool bytes bytearray list tuple dict set frozenset range object enumerate zip map filter reversed "
    "abs all any ascii bin chr divmod hash hex len max min oct ord pow repr round sorted sum").split()}
PACKED_FROM = 32
NESTING = 8000
LARGEST_CHUNK = 1024

held = None  # in the child: iterators that tests have not taken to their end; they stay there and are asked for more
SEQUENCES = {b"l": list, b"t": tuple, b"s": set, b"z": frozenset}


def put(out, tag, data):
    out.append(tag + len(data).to_bytes(4, "big"))
    out.append(data)


def put_items(out, tag, items):
    out.append(tag + len(items).to_bytes(4, "big"))
    for item in items:
        encode(item, out)


def bounded(items):
    kept = []
    for item in items:
        if len(kept) >= ITEM_LIMIT:
            raise OverflowError("an iterator gave more than a million items")
        kept.append(item)
    return kept


def is_iterator(kind):
    return kind.__module__ in ("builtins", "itertools") and hasattr(kind, "__next__")


def packed(items):
    """Many items of one plain type, in a form that takes a fraction of the time and memory; nothing where it does not fit."""
    kinds = set(map(type, items))
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind not in (int, float, str):
        return None
    from array import array

    if kind is float:
        return b"d" + array("d", items).tobytes()
    if kind is int:
        try:
            return b"q" + array("q", items).tobytes()
        except OverflowError:
            return None
    return b"u" + array("q", map(len, items)).tobytes() + "".join(items).encode("utf-8", "surrogatepass")


def unpacked(data, count):
    from array import array

    content = array("d" if data[:1] == b"d" else "q")
    content.frombytes(data[1 : 1 + 8 * count])
    if len(content) != count:
        raise EOFError
    if data[:1] != b"u":
        return content.tolist()
    text = data[1 + 8 * count :].decode("utf-8", "surrogatepass")
    at, items = 0, []
    for length in content:
        items.append(text[at : at + length])
        at += length
    return items


def encode_items(tag, items, out):
    small = len(items) < PACKED_FROM
    content = None if small else packed(items)
    if content is None:
        put_items(out, tag, items)
    else:
        put(out, b"P", tag + len(items).to_bytes(4, "big") + content)


def encode(value, out):
    kind = type(value)
    if value is None or value is True or value is False or value is NotImplemented or value is Ellipsis:
        out.append({None: b"N", True: b"T", False: b"F", NotImplemented: b"n", Ellipsis: b"e"}[value])
    elif kind is int:
        put(out, b"i", b"%x" % value)
    elif kind is float:
        put(out, b"f", value.hex().encode())
    elif kind is str:
        put(out, b"u", value.encode("utf-8", "surrogatepass"))
    elif kind is bytes or kind is bytearray:
        put(out, b"b" if kind is bytes else b"B", bytes(value))
    elif kind is complex:
        put(out, b"c", (value.real.hex() + " " + value.imag.hex()).encode())
    elif kind in (list, tuple, set, frozenset):
        encode_items({list: b"l", tuple: b"t", set: b"s", frozenset: b"z"}[kind], list(value), out)
    elif kind is dict:
        put_items(out, b"d", [part for item in value.items() for part in item])
    elif kind is range:
        put_items(out, b"r", [value.start, value.stop, value.step])
    elif is_iterator(kind) and held is not None:
        held.append(value)
        put(out, b"h", b"%d" % (len(held) - 1))
    elif is_iterator(kind):
        put_items(out, b"I", bounded(value))
    elif kind in (type({}.keys()), type({}.values()), type({}.items())):
        put_items(out, {"dict_keys": b"k", "dict_values": b"v", "dict_items": b"m"}[kind.__name__], list(value))
    elif kind is library("collections", "Counter"):
        put_items(out, b"C", [part for item in value.items() for part in item])
    elif kind is library("collections", "OrderedDict"):
        put_items(out, b"O", [part for item in value.items() for part in item])
    elif kind is library("collections", "defaultdict"):
        factory = getattr(value.default_factory, "__name__", "")
        known = FACTORIES.get(factory) is value.default_factory
        put_items(out, b"A", [factory if known else ""] + [part for item in value.items() for part in item])
    elif kind is library("collections", "deque"):
        put_items(out, b"q", list(value))
    elif kind is library("decimal", "Decimal"):
        put(out, b"D", str(value).encode())
    elif kind is library("fractions", "Fraction"):
        put(out, b"R", str(value).encode())
    elif kind.__module__ == "numpy" and kind.__name__ != "ndarray" and hasattr(value, "item"):
        encode(value.item(), out)
    elif (kind.__module__, kind.__name__) in REBUILT and kind is library(kind.__module__, kind.__name__):
        content = REBUILT[kind.__module__, kind.__name__](value)
        put_items(out, b"X", [kind.__module__, kind.__name__, *content])
    elif callable(value) and NAMED.get(getattr(value, "__name__", None)) is value:
        put(out, b"y", value.__name__.encode())
    else:
        base = next((base for base in CONTENT if issubclass(kind, base) and kind.__eq__ is base.__eq__), None)
        if base is not None:
            encode(CONTENT[base](value), out)
        else:
            put(out, b"?", kind.__name__.encode("utf-8", "replace"))


class Decoder:
    """Reads one value; `resume` makes an iterator of the number of one that the other side holds."""

    def __init__(self, data, resume=None):
        self.data = data
        self.at = 0
        self.resume = resume

    def take(self, size):
        end = self.at + size
        if end > len(self.data):
            raise EOFError
        part = self.data[self.at : end]
        self.at = end
        return part

    def value(self):
        tag = self.take(1)
        if tag in b"NTFne":
            return {b"N": None, b"T": True, b"F": False, b"n": NotImplemented, b"e": Ellipsis}[tag]
        size = int.from_bytes(self.take(4), "big")
        if tag in b"ifubBcDR?yhP":
            return self.scalar(tag, self.take(size))
        items = [self.value() for _ in range(size)]
        if tag in SEQUENCES:
            return SEQUENCES[tag](items)
        if tag == b"r":
            return range(*items)
        if tag == b"I":
            return iter(items)
        if tag == b"q":
            from collections import deque

            return deque(items)
        if tag == b"X":
            module, name, *content = items
            if (module, name) not in REBUILT:
                raise EOFError
            return getattr(__import__(module), name)(*content)
        if tag == b"A":
            from collections import defaultdict

            return defaultdict(FACTORIES.get(items[0]), zip(items[1::2], items[2::2]))
        if tag == b"v":
            return dict(enumerate(items)).values()
        if tag == b"k":
            return dict.fromkeys(items).keys()
        if tag == b"m":
            return dict(items).items()
        pairs = dict(zip(items[::2], items[1::2]))
        if tag == b"C":
            from collections import Counter

            return Counter(pairs)
        if tag == b"O":
            from collections import OrderedDict

            return OrderedDict(pairs)
        if tag != b"d":
            raise EOFError
        return pairs

    def scalar(self, tag, data):
        if tag == b"P":
            return SEQUENCES[data[:1]](unpacked(data[5:], int.from_bytes(data[1:5], "big")))
        text = "" if tag in b"bBu" else data.decode("utf-8", "replace")
        if tag == b"i":
            return int(text, 16)
        if tag == b"f":
            return float.fromhex(text)
        if tag == b"u":
            return data.decode("utf-8", "surrogatepass")
        if tag == b"b":
            return bytes(data)
        if tag == b"B":
            return bytearray(data)
        if tag == b"c":
            return complex(*map(float.fromhex, text.split(" ")))
        if tag == b"y":
            return NAMED[text]
        if tag == b"h" and self.resume is not None:
            return self.resume(int(text))
        if tag == b"?":
            return Opaque(text)
        module, name = TEXTUAL[tag]
        return getattr(__import__(module), name)(text)


class Nesting:
    """Values may be nested more deeply than calls: a list of lists as long as a recursion that made it."""

    def __enter__(self):
        self.before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(self.before, NESTING))

    def __exit__(self, *error):
        sys.setrecursionlimit(self.before)


def encoded(value):
    out = []
    with Nesting():
        encode(value, out)
    return b"".join(out)


def decoded(data, resume=None):
    with Nesting():
        return Decoder(data, resume).value()


def describe(error):
    try:
        text = str(error)
    except BaseException:
        text = ""
    return (type(error).__name__ + (": " + text if text else ""))[:MESSAGE_LIMIT]


def word_for(error):
    if isinstance(error, AssertionError):
        return "assertion-failed"
    return "memory" if isinstance(error, MemoryError) else "raised"


# ---- the child: loads the program and answers calls


def builtin_name(error):
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins":
            return kind.__name__
    return "Exception"


def text_of(error):
    try:
        return str(error)
    except BaseException:
        return ""


def failure(error, args=(), kwargs=()):
    """What was raised: the names of its classes, how it reads, what it holds, and what became of the call's arguments."""
    kinds = [(kind.__module__, kind.__name__) for kind in type(error).__mro__ if kind.__module__ != "__main__"]
    held_by_it = tuple(error.args) if type(error.args) is tuple else ()
    leaving = bool(isinstance(error, SystemExit))
    return encoded(("raise", builtin_name(error), describe(error), leaving, kinds, text_of(error), held_by_it,
                    changed(args), changed(dict(kwargs))))


def changed(arguments):
    """Those that a call can change in place; the others are not sent back."""
    if type(arguments) is dict:
        return {name: value if changeable(value) else None for name, value in arguments.items()}
    return tuple(value if changeable(value) else None for value in arguments)


def changeable(value):
    return type(value) in (list, dict, set, bytearray) or (
        type(value).__module__ == "collections" and any(
            type(value) is library("collections", name) for name in ("deque", "Counter", "OrderedDict", "defaultdict")))


def items_of(number, size):
    """The next items of an iterator that is held here, and whether that was its end; what it raises is raised after them."""
    items = []
    for _ in range(size):
        try:
            items.append(next(held[number]))
        except StopIteration:
            return items, True
        except BaseException as error:
            if not items:
                raise
            held[number] = raising(error)
            break
    return items, False


def raising(error):
    raise error
    yield


def namespace(name, imported):
    """Where a program runs: the main module's, or an empty one, in which `__name__` is "builtins", as after exec(code, {})."""
    main = type(sys)("__main__")
    sys.modules["__main__"] = main
    if imported:
        return {"__builtins__": builtins}
    main.__builtins__ = builtins
    main.__file__ = "/tmp/" + name
    return main.__dict__


def load(source, name, imported):
    """Runs `source`; returns its globals, or what it did not compile with, or what it raised."""
    space = namespace(name, imported)
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        return None, error, None
    try:
        exec(code, space)
    except BaseException as error:
        return None, None, error
    return space, None, None


def digest(value):
    """Of plain content of some size, in which equal digests mean equal types and values; nothing of anything else."""
    import marshal

    try:
        data = marshal.dumps(value, 2)  # no later version: they depend on how often an object is referred to
    except ValueError:
        return None
    if len(data) < LARGE:
        return None
    from hashlib import sha256

    return sha256(data).digest()


def serve(source, imported, requests, replies):
    global held
    space, broken, error = load(source, "program.py", imported)
    if broken is not None:
        write_frame(replies, encoded(("compile", describe(broken))))
        return
    if error is not None:
        write_frame(replies, failure(error))
        return
    write_frame(replies, encoded(("loaded",)))
    shape = read_frame(requests)
    if shape == b"one":
        alone(read_frame(requests), space, requests, replies)
        return
    held = []
    large = None
    while True:
        name, args, kwargs = decoded(read_frame(requests))
        try:
            if name == MORE:
                reply = encoded(("items", *items_of(*args)))
            elif name == FETCH:
                reply = encoded(("fetched", large))
            elif name == ASK:
                name, args = args
                if name not in space:
                    raise NameError("name %r is not defined" % name)
                result = space[name](*args)
                known = digest(result)
                large = result if known is not None else None
                reply = encoded(("asked", known, None if known is not None else result, changed(tuple(args))))
            elif name == LOOK:
                value = space.get(args[0])
                reply = encoded(("value", None if callable(value) else value, callable(value) or args[0] not in space))
            elif name not in space:
                raise NameError("name %r is not defined" % name)
            else:
                result = space[name](*args, **kwargs)
                reply = encoded(("return", result, changed(args), changed(kwargs)))
        except BaseException as error:
            reply = failure(error, args, kwargs)
        write_frame(replies, reply)


def unit_tests_that_come_back():
    """Tests that end by unittest.main() leave by its exit, like a program that leaves early: here it says by an assertion what it found."""
    import unittest

    def main(*args, **kwargs):
        kwargs["exit"] = False
        result = unittest.TestProgram(*args, **kwargs).result
        wrong = len(result.failures) + len(result.errors)
        assert wrong == 0 and result.wasSuccessful(), "%d of %d unit tests failed" % (wrong, result.testsRun)

    unittest.main = main


def alone(tests, space, requests, replies):
    """The weaker shape: tests and program share this process, and the nonce lies in the pipe until they are done."""
    try:
        if b"unittest" in tests:
            unit_tests_that_come_back()
        if tests:
            exec(compile(tests, "tests.py", "exec", dont_inherit=True), space)
        nonce = read_frame(requests)
        write_frame(replies, encoded(("ended", nonce)))
    except BaseException as error:
        write_frame(replies, failure(error))


def child(source, imported, requests, replies):
    # Descriptors of the judge's are closed; standard input, where the tests still are, becomes empty.
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.close(REPORT)
    sys.stdin = open(0, "r", closefd=False)
    sys.argv = ["program.py"]
    try:
        serve(source, imported, requests, replies)
    except EOFError:
        pass
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


# ---- the judge


class ProgramExit(BaseException):
    """The program tried to leave."""


class Fault(BaseException):
    """The tests themselves failed; says nothing about the program."""


class Late(BaseException):
    """A call took longer than the tests gave it."""


class Alarm:
    """Raises Late here when a call of the program's process takes too long: by its CPU time, or by the clock with patience."""

    def __init__(self, pid, seconds):
        self.clock = (~pid << 3) | 2  # clock_getcpuclockid(3)
        self.seconds = seconds

    def __enter__(self):
        import _signal
        import time

        self.signal = _signal
        self.time = time
        self.begun = time.monotonic()
        self.computed = time.clock_gettime(self.clock)
        _signal.signal(_signal.SIGALRM, self.ring)
        _signal.setitimer(_signal.ITIMER_REAL, self.seconds)
        return self

    def ring(self, number, frame):
        waited = self.time.monotonic() - self.begun
        left = self.seconds - (self.time.clock_gettime(self.clock) - self.computed)
        if left <= 0 or waited >= PATIENCE * self.seconds:
            raise Late("a call took longer than %.1f s" % self.seconds)
        self.signal.setitimer(self.signal.ITIMER_REAL, max(left, 0.01))

    def __exit__(self, *error):
        self.signal.setitimer(self.signal.ITIMER_REAL, 0)


PLAIN_ATTRIBUTES = {
    name for kind in (str, bytes, bytearray, list, tuple, dict, set, frozenset, int, float, complex, range) for name in dir(kind)
    if not name.startswith("_")
}
REVEALING = {"globals", "locals", "vars", "eval", "exec", "compile", "__import__", "type", "id", "getattr", "setattr", "hasattr"}


class ShapeFinder:
    """Whether tests call functions of the program with plain data only, by their syntax tree."""

    def __init__(self, tree):
        import _ast

        self.ast = _ast
        self.defined = set()
        self.modules = set()
        self.imported = {}
        self.functions = {n.name for n in self.nodes(tree) if type(n) is self.ast.FunctionDef}
        self.called = set()
        self.used_here = set()
        self.loaded = set()
        self.plain = True
        self.visit(tree)

    def program_names(self):
        return {name for name in self.loaded if name not in self.defined and not hasattr(builtins, name)}

    def two_processes(self):
        names = self.program_names()
        if not self.plain or self.loaded & REVEALING or not names:
            return False
        return all(not name[:1].isupper() for name in names)

    def nodes(self, root):
        """All of a tree, each before what it holds."""
        stack = [root]
        while stack:
            node = stack.pop()
            yield node
            for field in node._fields:
                child = getattr(node, field, None)
                for part in child if type(child) is list else (child,):
                    if isinstance(part, self.ast.AST):
                        stack.append(part)

    def visit(self, tree):
        ast = self.ast
        for node in self.nodes(tree):
            if type(node) in (ast.Import, ast.ImportFrom):
                self.imports(node)
        for node in self.nodes(tree):
            kind = type(node)
            if kind is ast.Name:
                (self.loaded if type(node.ctx) is ast.Load else self.defined).add(node.id)
            elif kind in (ast.FunctionDef, ast.ClassDef):
                self.defined.add(node.name)
                self.plain &= not node.decorator_list
                self.plain &= kind is not ast.ClassDef
            elif kind is ast.arg:
                self.defined.add(node.arg)
            elif kind is ast.Lambda:
                self.plain &= id(node) in self.used_here
            elif kind is ast.Attribute:
                self.attribute(node)
            elif kind is ast.ExceptHandler and node.name:
                self.defined.add(node.name)
            elif kind is ast.Call:
                self.call(node)
            elif kind is ast.Compare:
                self.comparison(node)
            elif kind in (ast.AsyncFunctionDef, ast.Await, ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal):
                self.plain = False

    def imports(self, node):
        for alias in node.names:
            self.plain &= alias.name != "*"
            name = (alias.asname or alias.name).split(".")[0]
            self.defined.add(name)
            self.modules.add(name)
            if type(node) is self.ast.ImportFrom:
                self.imported[name] = (node.module, alias.name)
            else:
                self.imported[name] = (alias.name if alias.asname else name, None)

    def call(self, node):
        """Code cannot cross to the program: where tests give it some, they must run beside it."""
        ast = self.ast
        function = node.func
        values = node.args + [keyword.value for keyword in node.keywords]
        if type(function) is ast.Call:
            self.plain = False
        elif type(function) is ast.Attribute or (type(function) is ast.Name and hasattr(builtins, function.id)):
            self.used_here.update(id(value) for value in values if type(value) is ast.Lambda)
        else:
            if type(function) is ast.Name:
                self.called.add(function.id)
            self.plain &= not any(self.is_code(value) for value in values)

    def is_code(self, node):
        ast = self.ast
        if type(node) in (ast.List, ast.Tuple):
            return any(self.is_code(element) for element in node.elts)
        if type(node) is ast.Dict:
            return any(self.is_code(value) for value in node.values)
        if type(node) is ast.Name:
            return node.id in self.functions or (node.id in self.imported and self.is_callable(*self.imported[node.id]))
        if type(node) is ast.Attribute and type(node.value) is ast.Name and node.value.id in self.imported:
            module, name = self.imported[node.value.id]
            return name is not None or self.is_callable(module, node.attr)
        return type(node) is ast.Lambda

    @staticmethod
    def is_callable(module, name):
        try:
            return name is None or callable(getattr(__import__(module, fromlist=["*"]), name))
        except (ImportError, AttributeError):
            return True

    def attribute(self, node):
        ast = self.ast
        root = node.value
        while type(root) is ast.Attribute:
            root = root.value
        of_module = type(root) is ast.Name and root.id in self.modules
        if type(node.ctx) is not ast.Load or not (of_module or node.attr in PLAIN_ATTRIBUTES):
            self.plain = False

    def comparison(self, node):
        for operator, right in zip(node.ops, node.comparators):
            if type(operator) in (self.ast.Is, self.ast.IsNot):
                constant = type(right) is self.ast.Constant and right.value in (None, True, False)
                self.plain &= constant


def replace_content(mine, theirs):
    """What a call changed in the arguments it was given."""
    if type(mine) is not type(theirs) or not changeable(mine):
        return
    if type(mine) is list or type(mine) is bytearray:
        mine[:] = theirs
    else:
        mine.clear()
        (mine.extend if hasattr(mine, "extend") else mine.update)(theirs)


class Calls:
    def __init__(self, pid, requests, replies):
        self.pid = pid
        self.requests = requests
        self.replies = replies

    def ask(self, seconds, name, arguments, expected):
        """
        What the program's function answers within `seconds`, else Late. An answer of more than some kilobytes that equals `expected`
        does not cross the pipe: its digest does, which nobody can make who has not the answer.
        """
        with Alarm(self.pid, max(seconds, 0.001)):
            write_frame(self.requests, encoded((ASK, (name, tuple(arguments)), {})))
            answer = self.answer()
            if answer[0] == "raise":
                self.fail(arguments, {}, *answer[1:])
            if answer[0] != "asked":
                raise EOFError
            self.carry_back(arguments, {}, answer[3], {})
            if answer[1] is None:
                return answer[2]
            if answer[1] == digest(expected):
                return expected
            return self.request(FETCH, (), {}, "fetched")[1]

    def function(self, name):
        def call(*args, **kwargs):
            return self.request(name, args, kwargs, "return")[1]

        call.__name__ = call.__qualname__ = name
        return call

    def named(self, name):
        """What tests that never call `name` find under it: data, or a function that they hand on."""
        _, value, is_function = self.request(LOOK, (name,), {}, "value")
        return self.function(name) if is_function is True else value

    def resume(self, number):
        size = 1
        while True:
            _, items, ended = self.request(MORE, (number, size), {}, "items")
            yield from items
            if ended is True:
                return
            size = min(2 * size, LARGEST_CHUNK)

    def request(self, name, args, kwargs, expected):
        write_frame(self.requests, encoded((name, args, kwargs)))
        answer = self.answer()
        if answer[0] == "raise":
            self.fail(args, kwargs, *answer[1:])
        if answer[0] != expected:
            raise EOFError
        if expected == "return":
            self.carry_back(args, kwargs, *answer[2:])
        return answer

    @staticmethod
    def carry_back(args, kwargs, theirs, theirs_by_name):
        for mine, changed_one in zip(args, theirs):
            replace_content(mine, changed_one)
        for name, changed_one in theirs_by_name.items():
            replace_content(kwargs.get(name), changed_one)

    def answer(self):
        """The program's answer, checked: it may be anything that bytes can be."""
        answer = decoded(read_frame(self.replies), self.resume)
        if type(answer) is not tuple or not answer or type(answer[0]) is not str:
            raise EOFError
        return answer

    def fail(self, args, kwargs, name, message, leaving, kinds, text, content, theirs, theirs_by_name):
        """Raises here what the program raised there, as the nearest class that both sides have; it reads as it did there."""
        self.carry_back(args, kwargs, theirs, theirs_by_name)
        kind = next(filter(None, (exception_class(*names) for names in kinds)), None)
        if leaving or kind is None:
            raise ProgramExit(message)
        shown = type(kind.__name__, (kind,), {"__str__": lambda error: text, "__module__": kind.__module__})
        error = shown.__new__(shown, *content)
        error.program_message = message
        raise error


def exception_class(module, name):
    kind = library(module, name)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else None


def judge(tests, forced, calls, nonce):
    """Shape, verdict word and message."""
    requests, replies = calls.requests, calls.replies
    first = decoded(read_frame(replies))
    if first[0] == "compile":
        return "load", "compile-failed", str(first[1])
    if first[0] == "raise":
        word = {"AssertionError": "assertion-failed", "MemoryError": "memory"}.get(first[1], "raised")
        return "load", word, str(first[2])
    try:
        tree = compile(tests, "tests.py", "exec", AST_ONLY, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return "load", "compile-failed", "the tests do not compile: " + describe(error)
    finder = ShapeFinder(tree)
    if not forced and not finder.two_processes():
        write_frame(requests, b"one")
        write_frame(requests, tests)
        write_frame(requests, nonce)
        answer = calls.answer()
        if answer[0] == "raise":
            calls.fail((), {}, *answer[1:])
        if answer[0] == "ended" and answer[1] == nonce:
            return "one-process", "passed", ""
        return "one-process", "raised", LEFT_EARLY
    write_frame(requests, b"two")
    space = {"__name__": "__main__", "__builtins__": builtins}
    if forced:
        space["ask"] = calls.ask
        space["Fault"] = Fault
    for name in finder.program_names() - set(space):
        space[name] = calls.function(name) if name in finder.called else calls.named(name)
    exec(compile(tree, "tests.py", "exec", dont_inherit=True), space)
    return "two-process", "passed", ""


def judged(tests, forced, calls):
    nonce = os.urandom(16)
    try:
        return judge(tests, forced, calls, nonce)
    except Fault as error:
        return "two-process", "fault", str(error)
    except Late as error:
        os.kill(calls.pid, 9)
        return "two-process", "timed-out", str(error)
    except (EOFError, BrokenPipeError):
        return "unknown", "raised", LEFT_EARLY
    except BaseException as error:
        return "unknown", word_for(error), getattr(error, "program_message", None) or describe(error)


def report(shape, word, message):
    text = "\n".join((shape, word, message.replace("\n", " ")[:MESSAGE_LIMIT]))
    os.write(REPORT, text.encode("utf-8", "replace"))


def sealed():
    try:
        os.close(os.open("/proc/self/environ", os.O_RDONLY))
    except PermissionError:
        return True
    return False


def main():
    os.environ.pop("LD_PRELOAD", None)
    if not sealed():
        report("none", "fault", "the judge can be read by the program")
        return
    sys.path[:] = [path for path in sys.path if path != "/box"] + sys.argv[1:]
    builtins.exit = builtins.quit = sys.exit
    words = read_frame(0).decode().split()
    source = read_frame(0)
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(request_write)
        os.close(reply_read)
        child(source, "imported" in words, request_read, reply_write)
    os.close(request_read)
    os.close(reply_write)
    tests = read_frame(0)
    outcome = judged(tests, "two-process" in words, Calls(pid, request_write, reply_read))
    os.close(request_write)
    if outcome[0] == "unknown" and outcome[2] == LEFT_EARLY:
        os.kill(pid, 9)  # it may have closed its end of the pipe and go on
    # Else it flushes what it printed and ends by itself.
    _, status = os.waitpid(pid, 0)
    if outcome[0] == "unknown" and os.WIFSIGNALED(status):
        outcome = (outcome[0], outcome[1], outcome[2] + " (signal %d)" % os.WTERMSIG(status))
    report(*outcome)
    sys.stdout.flush()
    os._exit(0)


main()
