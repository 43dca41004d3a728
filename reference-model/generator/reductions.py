"""Reductions of the elements that a loop reaches: how the result starts, grows and is returned, and its English.

In the code ``$A`` is the accumulator and ``$e`` the value of the element (``$E`` in brackets if it needs them);
``$p``, ``$t``, ``$d`` and ``$sep`` are constants. ``$m`` in a phrase stands for the values, ``$np`` for the elements.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reduction:
    """One reduction. Code pairs are (Python, Java); a list holds several lines. ``step`` entries may open a block."""

    id: str
    result: str
    phrases: list
    start: tuple
    step: list
    end: tuple
    weight: int = 1
    comprehension: str = ""
    names: str = "other"


_NONE_LEFT = ("$d if $A is None else $A", "$A == null ? $d : $A")
_EMPTY = ("'' if $A is None else $A", '$A == null ? "" : $A')
_ZERO = ("$A = 0", "long $A = 0;")
_LIST = ("$A = []", "ArrayList<$T> $A = new ArrayList<>();")
_TEXT = ("$A = None", "String $A = null;")
_APPEND = [("$A.append($e)", "$A.add($e);")]
_ADD = [("$A += $e", "$A += $e;")]
_COUNT = [("$A += 1", "$A++;")]
_SAME = ("return $A", "return $A;")


def _returned(pair):
    return f"return {pair[0]}", f"return {pair[1]};"


def _sorted(python, *java):
    return python, list(java)


_DISTINCT = ("$A = set()", "HashSet<$T> $A = new HashSet<>();")
_DISTINCT_END = ("return len($A)", "return $A.size();")
_UNIQUE_STEP = [("if $E not in $A:", "if (!$A.contains($e))"), ("$A.append($e)", "$A.add($e);")]
_FREQUENCY_START = ("$A = {}", "HashMap<$T, Long> $A = new HashMap<>();")
_FREQUENCY_STEP = [("$A[$e] = $A.get($e, 0) + 1", "$A.merge($e, 1L, Long::sum);")]
_DOWN = "Collections.sort($A, Collections.reverseOrder());"


def _extreme(sign):
    return [("if $A is None or $e " + sign + " $A:", "if ($A == null || $e " + sign + " $A)"), ("$A = $e", "$A = $e;")]


def _by_length(sign):
    return [
        ("if $A is None or len($e) " + sign + " len($A):", "if ($A == null || $E.length() " + sign + " $A.length())"),
        ("$A = $e", "$A = $e;"),
    ]


INTEGER_REDUCTIONS = [
    Reduction("sum", "I", ["the sum of $m", "the total of $m", "$m added up"], _ZERO, _ADD, _SAME, 3, "sum($c)", "sum"),
    Reduction("list", "LI", ["a list of $m", "$m as a list, in order"], _LIST, _APPEND, _SAME, 3, "[$c]"),
    Reduction(
        "max",
        "I",
        ["the largest of $m, or $d if there are none", "the maximum of $m ($d if there are none)"],
        ("$A = None", "Long $A = null;"),
        _extreme(">"),
        _returned(_NONE_LEFT),
        2,
        "max(($c), default=$d)",
        "max",
    ),
    Reduction(
        "min",
        "I",
        ["the smallest of $m, or $d if there are none", "the minimum of $m ($d if there are none)"],
        ("$A = None", "Long $A = null;"),
        _extreme("<"),
        _returned(_NONE_LEFT),
        2,
        "min(($c), default=$d)",
        "min",
    ),
    Reduction(
        "prod",
        "I",
        ["the product of $m", "$m multiplied together"],
        ("$A = 1", "long $A = 1;"),
        [("$A *= $e", "$A *= $e;")],
        _SAME,
    ),
    Reduction(
        "first",
        "I",
        ["the first of $m, or $d if there are none"],
        ([], []),
        [("return $e", "return $e;")],
        ("return $d", "return $d;"),
    ),
    Reduction(
        "last",
        "I",
        ["the last of $m, or $d if there are none"],
        ("$A = $d", "long $A = $d;"),
        [("$A = $e", "$A = $e;")],
        _SAME,
    ),
    Reduction(
        "dcount",
        "I",
        ["the number of distinct values among $m", "how many different values there are among $m"],
        _DISTINCT,
        [("$A.add($e)", "$A.add($e);")],
        _DISTINCT_END,
        1,
        "len(set($c))",
    ),
    Reduction(
        "join",
        "S",
        ["a string with $m joined by '$sep'", "$m, written one after another with '$sep' in between"],
        ("$A = []", "ArrayList<String> $A = new ArrayList<>();"),
        [("$A.append(str($e))", "$A.add(String.valueOf($e));")],
        ("return '$sep'.join($A)", 'return String.join("$sep", $A);'),
    ),
    Reduction(
        "freq",
        "MII",
        ["a map from each value among $m to how often it occurs"],
        _FREQUENCY_START,
        _FREQUENCY_STEP,
        _SAME,
        1,
        "",
        "freq",
    ),
    Reduction(
        "alt",
        "I",
        ["the alternating sum (plus, minus, plus, ...) of $m"],
        (["$A = 0", "sign = 1"], ["long $A = 0;", "long sign = 1;"]),
        [("$A += sign * $E", "$A += sign * $E;"), ("sign = -sign", "sign = -sign;")],
        _SAME,
    ),
    Reduction(
        "run",
        "LI",
        ["the running totals of $m", "the list of cumulative sums of $m"],
        (["$A = []", "total = 0"], ["ArrayList<$T> $A = new ArrayList<>();", "long total = 0;"]),
        [("total += $e", "total += $e;"), ("$A.append(total)", "$A.add(total);")],
        _SAME,
    ),
    Reduction(
        "runmax",
        "LI",
        ["the running maximums of $m", "a list with the largest value so far for each of $m"],
        _LIST,
        [
            (
                "$A.append(max($A[-1], $e) if $A else $e)",
                "$A.add($A.isEmpty() ? $e : Math.max($A.get($A.size() - 1), $e));",
            )
        ],
        _SAME,
    ),
    Reduction(
        "uniq", "LI", ["a list of $m without repetitions, keeping first occurrences"], _LIST, _UNIQUE_STEP, _SAME
    ),
    Reduction(
        "asc",
        "LI",
        ["$m, sorted in ascending order", "a sorted list of $m"],
        _LIST,
        _APPEND,
        _sorted("return sorted($A)", "Collections.sort($A);", "return $A;"),
        1,
        "sorted($c)",
    ),
    Reduction(
        "desc",
        "LI",
        ["$m, sorted in descending order", "a list of $m from largest to smallest"],
        _LIST,
        _APPEND,
        _sorted("return sorted($A, reverse=True)", _DOWN, "return $A;"),
        1,
        "sorted(($c), reverse=True)",
    ),
    Reduction(
        "top",
        "LI",
        ["the $p largest of $m in descending order"],
        _LIST,
        _APPEND,
        _sorted(
            "return sorted($A, reverse=True)[:$p]",
            _DOWN,
            "return new ArrayList<>($A.subList(0, Math.min($p, $A.size())));",
        ),
    ),
    Reduction(
        "rev",
        "LI",
        ["a list of $m in reverse order", "$m as a list, from the last to the first"],
        _LIST,
        _APPEND,
        _sorted("return $A[::-1]", "Collections.reverse($A);", "return $A;"),
    ),
    Reduction(
        "summod",
        "I",
        ["the sum of $m modulo $p", "the remainder of the sum of $m divided by $p"],
        _ZERO,
        _ADD,
        ("return $A % $p", "return Math.floorMod($A, ${p}L);"),
        names="sum",
    ),
    Reduction(
        "sumgt",
        "B",
        ["whether the sum of $m is greater than $t", "True if the sum of $m exceeds $t, and False otherwise"],
        _ZERO,
        _ADD,
        ("return $A > $t", "return $A > $t;"),
        names="sum",
    ),
    Reduction(
        "spread",
        "I",
        ["the difference between the largest and the smallest of $m, or 0 if there are none"],
        _LIST,
        _APPEND,
        (
            "return max($A) - min($A) if $A else 0",
            "return $A.isEmpty() ? 0 : Collections.max($A) - Collections.min($A);",
        ),
    ),
    Reduction(
        "avg",
        "I",
        ["the average of $m rounded down, or 0 if there are none"],
        (["$A = 0", "count = 0"], ["long $A = 0;", "long count = 0;"]),
        [*_ADD, ("count += 1", "count++;")],
        ("return $A // count if count else 0", "return count == 0 ? 0 : Math.floorDiv($A, count);"),
        names="sum",
    ),
    Reduction(
        "lastk",
        "LI",
        ["the last $p of $m as a list"],
        _LIST,
        _APPEND,
        ("return $A[-$p:]", "return new ArrayList<>($A.subList(Math.max(0, $A.size() - $p), $A.size()));"),
    ),
    Reduction(
        "sumcnt",
        "I",
        ["the sum of $m plus how many there are"],
        (["$A = 0", "count = 0"], ["long $A = 0;", "long count = 0;"]),
        [*_ADD, ("count += 1", "count++;")],
        ("return $A + count", "return $A + count;"),
        names="sum",
    ),
]
COUNT_REDUCTIONS = [
    Reduction(
        "count",
        "I",
        ["how many $np there are", "the number of $np", "the count of $np"],
        _ZERO,
        _COUNT,
        _SAME,
        3,
        "sum(1 $loop)",
        "count",
    ),
    Reduction(
        "any",
        "B",
        ["whether there are any $np", "True if there is at least one among the $np, and False otherwise"],
        ([], []),
        [("return True", "return true;")],
        ("return False", "return false;"),
        1,
        "any($cond $for)",
    ),
    Reduction(
        "cpar",
        "B",
        ["whether the number of $np is even"],
        _ZERO,
        _COUNT,
        ("return $A % 2 == 0", "return $A % 2 == 0;"),
        names="count",
    ),
    Reduction(
        "cgt",
        "B",
        ["whether there are more than $p $np"],
        _ZERO,
        _COUNT,
        ("return $A > $p", "return $A > $p;"),
        names="count",
    ),
]
STRING_REDUCTIONS = [
    Reduction("list", "LS", ["a list of $m", "$m as a list, in order"], _LIST, _APPEND, _SAME, 3, "[$c]"),
    Reduction(
        "cat",
        "S",
        ["the concatenation of $m", "a string made of $m one after another"],
        ("$A = ''", "StringBuilder $A = new StringBuilder();"),
        [("$A += $e", "$A.append($r);")],
        ("return $A", "return $A.toString();"),
        3,
        "''.join($c)",
    ),
    Reduction(
        "join",
        "S",
        ["a string with $m joined by '$sep'", "$m joined with '$sep'"],
        ("$A = []", "ArrayList<String> $A = new ArrayList<>();"),
        _APPEND,
        ("return '$sep'.join($A)", 'return String.join("$sep", $A);'),
        2,
        "'$sep'.join($c)",
    ),
    Reduction(
        "long",
        "S",
        ["the longest of $m (the first one on ties), or an empty string if there are none"],
        _TEXT,
        _by_length(">"),
        _returned(_EMPTY),
        names="max",
    ),
    Reduction(
        "short",
        "S",
        ["the shortest of $m (the first one on ties), or an empty string if there are none"],
        _TEXT,
        _by_length("<"),
        _returned(_EMPTY),
        names="min",
    ),
    Reduction(
        "first",
        "S",
        ["the first of $m, or an empty string if there are none"],
        ([], []),
        [("return $e", "return $e;")],
        ("return ''", 'return "";'),
    ),
    Reduction(
        "last",
        "S",
        ["the last of $m, or an empty string if there are none"],
        ("$A = ''", 'String $A = "";'),
        [("$A = $e", "$A = $e;")],
        _SAME,
    ),
    Reduction(
        "dcount",
        "I",
        ["the number of distinct values among $m", "how many different values there are among $m"],
        _DISTINCT,
        [("$A.add($e)", "$A.add($e);")],
        _DISTINCT_END,
        1,
        "len(set($c))",
    ),
    Reduction(
        "freq",
        "MSI",
        ["a map from each value among $m to how often it occurs"],
        _FREQUENCY_START,
        _FREQUENCY_STEP,
        _SAME,
        1,
        "",
        "freq",
    ),
    Reduction(
        "asc",
        "LS",
        ["$m, sorted alphabetically", "an alphabetical list of $m"],
        _LIST,
        _APPEND,
        _sorted("return sorted($A)", "Collections.sort($A);", "return $A;"),
        1,
        "sorted($c)",
    ),
    Reduction(
        "rcat",
        "S",
        ["the concatenation of $m in reverse order"],
        ("$A = ''", 'String $A = "";'),
        [("$A = $e + $A", "$A = $E + $A;")],
        _SAME,
    ),
    Reduction(
        "uniq", "LS", ["a list of $m without repetitions, keeping first occurrences"], _LIST, _UNIQUE_STEP, _SAME
    ),
    Reduction(
        "lmin",
        "S",
        ["the alphabetically first of $m, or an empty string if there are none"],
        _TEXT,
        [("if $A is None or $e < $A:", "if ($A == null || $E.compareTo($A) < 0)"), ("$A = $e", "$A = $e;")],
        _returned(_EMPTY),
        names="min",
    ),
    Reduction(
        "totlen", "I", ["the total length of $m"], _ZERO, [("$A += len($e)", "$A += $E.length();")], _SAME, names="sum"
    ),
]
ALL_HOLD = Reduction(
    "all",
    "B",
    ["whether all $np $cond", "True if all $np $cond, and False otherwise"],
    ([], []),
    [("return False", "return false;")],
    ("return True", "return true;"),
    1,
    "all($cond $for)",
)
LISTS_OF_INTEGERS = frozenset("list run runmax uniq asc desc rev top lastk".split())
LISTS_OF_STRINGS = frozenset("list asc uniq".split())
SINGLE_INTEGERS = frozenset("count sum max min prod last dcount alt summod spread avg sumcnt totlen".split())
