"""Mappings of an element to a value: code in both languages and English for many and for one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mapping:
    """One mapping. ``plural`` has ``$np`` for the elements; ``atomic`` code needs no brackets in a product."""

    id: str
    python: str
    plural: str
    singular: list
    java: str = ""
    needs: str = ""
    result: str = "I"
    atomic: bool = False
    span: tuple = ()
    choices: object = ""
    constants: str = ""

    @property
    def in_java(self):
        """The Java code; that of Python where both are the same."""
        return self.java or self.python


SAME_INTEGER = Mapping("id", "$x", "$np", ["itself"], atomic=True)
SAME_STRING = Mapping("id", "$x", "$np", ["itself"], result="S", atomic=True)
INTEGER_MAPPINGS = [
    Mapping("sq", "$x * $x", "the squares of $np", ["its square"]),
    Mapping("cube", "$x * $x * $x", "the cubes of $np", ["its cube"]),
    Mapping("abs", "abs($x)", "the absolute values of $np", ["its absolute value"], java="Math.abs($x)", atomic=True),
    Mapping("neg", "-$x", "the negations of $np", ["its negation", "its opposite"]),
    Mapping(
        "add", "$x + $k", "$np, each increased by $k", ["itself plus $k", "its value increased by $k"], span=(1, 12)
    ),
    Mapping(
        "sub", "$x - $k", "$np, each decreased by $k", ["itself minus $k", "its value reduced by $k"], span=(1, 12)
    ),
    Mapping(
        "mul", "$x * $k", "$np, each multiplied by $k", ["$k times its value", "itself multiplied by $k"], span=(2, 9)
    ),
    Mapping("rsub", "$k - $x", "the differences between $k and each of $np", ["$k minus its value"], span=(10, 30)),
    Mapping(
        "fdiv",
        "$x // $k",
        "$np, each divided by $k and rounded down",
        ["its value divided by $k, rounded down"],
        java="Math.floorDiv($x, $k)",
        span=(2, 6),
    ),
    Mapping(
        "mod",
        "$x % $k",
        "the remainders of $np when divided by $k",
        ["its remainder when divided by $k"],
        java="(long) Math.floorMod($x, $k)",
        span=(3, 9),
    ),
    Mapping(
        "ds",
        "sum(int(ch) for ch in str(abs($x)))",
        "the digit sums of $np",
        ["the sum of its digits"],
        java="(long) String.valueOf(Math.abs($x)).chars().map(ch -> ch - '0').sum()",
        atomic=True,
    ),
    Mapping(
        "nd",
        "len(str(abs($x)))",
        "the numbers of digits of $np",
        ["its number of digits"],
        java="(long) String.valueOf(Math.abs($x)).length()",
        atomic=True,
    ),
    Mapping("ld", "abs($x) % 10", "the last digits of $np", ["its last digit"], java="Math.abs($x) % 10"),
    Mapping(
        "rev",
        "int(str(abs($x))[::-1])",
        "the digit reversals of the absolute values of $np",
        ["the number made of its digits in reverse order, ignoring the sign"],
        java="Long.parseLong(new StringBuilder(String.valueOf(Math.abs($x))).reverse().toString())",
        atomic=True,
    ),
    Mapping(
        "dist",
        "abs($x - $k)",
        "the distances from $k of $np",
        ["its distance from $k"],
        java="Math.abs($x - $k)",
        atomic=True,
        span=(1, 20),
    ),
    Mapping(
        "cap",
        "min($x, $k)",
        "$np, with each value capped at $k",
        ["the smaller of it and $k"],
        java="Math.min($x, $k)",
        atomic=True,
        span=(3, 20),
    ),
    Mapping(
        "flr",
        "max($x, $k)",
        "$np, with each value raised to at least $k",
        ["the larger of it and $k"],
        java="Math.max($x, $k)",
        atomic=True,
        span=(-3, 12),
    ),
    Mapping("muli", "$x * $i", "$np, each multiplied by its index", ["its value times its index"], needs="i"),
    Mapping("addi", "$x + $i", "$np, each increased by its index", ["its value plus its index"], needs="i"),
    Mapping("subi", "$x - $i", "$np, each decreased by its index", ["its value minus its index"], needs="i"),
    Mapping(
        "dblinc", "2 * $x + $k", "$np, each doubled and then increased by $k", ["twice its value plus $k"], span=(1, 9)
    ),
    Mapping("sqsub", "$x * $x - $k", "the squares of $np, each reduced by $k", ["its square minus $k"], span=(1, 9)),
    Mapping(
        "addmul",
        "($x + $k) * 2",
        "$np, each increased by $k and then doubled",
        ["its value plus $k, doubled"],
        span=(1, 9),
    ),
    Mapping(
        "bits",
        "bin(abs($x)).count('1')",
        "the numbers of one bits of the absolute values of $np",
        ["the number of ones in the binary form of its absolute value"],
        java="(long) Long.bitCount(Math.abs($x))",
        atomic=True,
    ),
]
CHARACTER_MAPPINGS = [
    Mapping(
        "up",
        "$x.upper()",
        "the uppercase forms of $np",
        ["its uppercase form"],
        java="Character.toUpperCase($x)",
        result="S",
    ),
    Mapping(
        "low",
        "$x.lower()",
        "the lowercase forms of $np",
        ["its lowercase form"],
        java="Character.toLowerCase($x)",
        result="S",
    ),
    Mapping(
        "swap",
        "$x.swapcase()",
        "$np with their case swapped",
        ["itself with its case swapped"],
        java="Character.isUpperCase($x) ? Character.toLowerCase($x) : Character.toUpperCase($x)",
        result="S",
    ),
    Mapping("dbl", "$x * 2", "$np, each written twice", ["itself written twice"], java='"" + $x + $x', result="S"),
    Mapping(
        "tri",
        "$x * 3",
        "$np, each repeated three times",
        ["itself repeated three times"],
        java='"" + $x + $x + $x',
        result="S",
    ),
    Mapping("const", "'$k'", "one '$k' for each of $np", ["the character '$k'"], result="S", choices="*#_-+."),
    Mapping(
        "next",
        "chr(ord($x) + 1)",
        "the characters that follow $np in character order",
        ["the next character in character order"],
        java="(char) ($x + 1)",
        result="S",
    ),
    Mapping(
        "suf",
        "$x + '$k'",
        "$np, each followed by '$k'",
        ["itself followed by '$k'"],
        java="\"\" + $x + '$k'",
        result="S",
        choices="*#_-+.",
    ),
    Mapping(
        "pre",
        "'$k' + $x",
        "$np, each preceded by '$k'",
        ["itself preceded by '$k'"],
        java='"$k" + $x',
        result="S",
        choices="*#_-+.",
    ),
    Mapping("ord", "ord($x)", "the character codes of $np", ["its character code"], java="(long) $x"),
    Mapping("idx", "$i", "the indices of $np", ["its index"], java="(long) $i", needs="i"),
]
STRING_MAPPINGS = [
    Mapping(
        "up", "$x.upper()", "the uppercase forms of $np", ["its uppercase form"], java="$x.toUpperCase()", result="S"
    ),
    Mapping(
        "rev",
        "$x[::-1]",
        "the reversals of $np",
        ["its reversal", "its letters in reverse order"],
        java="new StringBuilder($x).reverse().toString()",
        result="S",
    ),
    Mapping("first", "$x[0]", "the first letters of $np", ["its first letter"], java="$x.substring(0, 1)", result="S"),
    Mapping(
        "last",
        "$x[-1]",
        "the last letters of $np",
        ["its last letter"],
        java="$x.substring($x.length() - 1)",
        result="S",
    ),
    Mapping(
        "firstk",
        "$x[:$k]",
        "the first $k characters of each of $np",
        ["its first $k characters"],
        java="$x.substring(0, Math.min($k, $x.length()))",
        result="S",
        span=(2, 4),
    ),
    Mapping(
        "drop",
        "$x[1:]",
        "$np without their first letter",
        ["itself without its first letter"],
        java="$x.substring(1)",
        result="S",
    ),
    Mapping(
        "chop",
        "$x[:-1]",
        "$np without their last letter",
        ["itself without its last letter"],
        java="$x.substring(0, $x.length() - 1)",
        result="S",
    ),
    Mapping("dbl", "$x + $x", "$np, each written twice", ["itself written twice"], result="S"),
    Mapping(
        "suf",
        "$x + '$k'",
        "$np, each with '$k' added at the end",
        ["itself followed by '$k'"],
        java='$x + "$k"',
        result="S",
        choices="!?.*;",
    ),
    Mapping(
        "pre",
        "'$k' + $x",
        "$np, each with '$k' added in front",
        ["itself preceded by '$k'"],
        java='"$k" + $x',
        result="S",
        choices="@#-*+",
    ),
    Mapping(
        "rep",
        "$x.replace('$a', '$b')",
        "$np with every '$a' replaced by '$b'",
        ["itself with every '$a' replaced by '$b'"],
        java='$x.replace("$a", "$b")',
        result="S",
        constants="replacement",
    ),
    Mapping(
        "cap",
        "$x[0].upper() + $x[1:]",
        "$np with the first letter in upper case",
        ["itself with its first letter in upper case"],
        java="$x.substring(0, 1).toUpperCase() + $x.substring(1)",
        result="S",
    ),
    Mapping(
        "wlen",
        "$x + str(len($x))",
        "$np, each followed by its length",
        ["itself followed by its length"],
        java="$x + $x.length()",
        result="S",
    ),
    Mapping(
        "len",
        "len($x)",
        "the lengths of $np",
        ["its length", "its number of characters"],
        java="(long) $x.length()",
        atomic=True,
    ),
    Mapping(
        "vow",
        "sum(1 for ch in $x if ch in 'aeiou')",
        "the numbers of vowels in each of $np",
        ["its number of vowels"],
        java='$x.chars().filter(ch -> "aeiou".indexOf(ch) >= 0).count()',
        atomic=True,
    ),
    Mapping(
        "cnt",
        "$x.count('$k')",
        "the numbers of times '$k' occurs in each of $np",
        ["the number of times '$k' occurs in it"],
        java="$x.chars().filter(ch -> ch == '$k').count()",
        atomic=True,
        choices="aeiornst",
    ),
    Mapping(
        "leni",
        "len($x) * $i",
        "the lengths of $np, each multiplied by its index",
        ["its length times its index"],
        java="(long) $x.length() * $i",
        needs="i",
    ),
]
PAIR_MAPPINGS = [
    Mapping("sum", "$a + $b", "the sums of $np", ["its sum"]),
    Mapping("prod", "$a * $b", "the products of $np", ["its product"]),
    Mapping(
        "adiff",
        "abs($a - $b)",
        "the absolute differences of $np",
        ["its absolute difference"],
        java="Math.abs($a - $b)",
        atomic=True,
    ),
    Mapping(
        "max", "max($a, $b)", "the larger elements of $np", ["its larger element"], java="Math.max($a, $b)", atomic=True
    ),
    Mapping(
        "min",
        "min($a, $b)",
        "the smaller elements of $np",
        ["its smaller element"],
        java="Math.min($a, $b)",
        atomic=True,
    ),
    Mapping("diff", "$a - $b", "the differences, first minus second, of $np", ["its first element minus its second"]),
    Mapping("rdiff", "$b - $a", "the differences, second minus first, of $np", ["its second element minus its first"]),
    Mapping("first", "$a", "the first elements of $np", ["its first element"], atomic=True),
    Mapping("second", "$b", "the second elements of $np", ["its second element"], atomic=True),
    Mapping("sqd", "($a - $b) * ($a - $b)", "the squared differences of $np", ["its squared difference"]),
]
