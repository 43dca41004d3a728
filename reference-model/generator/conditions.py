"""Conditions on an element: code in both languages and English (with a plural verb).

``$x`` is the element, ``$i`` its index, ``$L`` the whole input, ``$a`` and ``$b`` the two elements of a
pair, ``$k`` a constant.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """One condition. ``needs``: i the index, L the whole input, cap a Java lambda that captures the element."""

    id: str
    python: str
    phrases: list
    java: str = ""
    needs: str = ""
    span: tuple = ()
    choices: object = ""
    constants: str = ""

    @property
    def in_java(self):
        """The Java code; that of Python where both are the same."""
        return self.java or self.python


INTEGER_CONDITIONS = [
    Condition("even", "$x % 2 == 0", ["are even"]),
    Condition("odd", "$x % 2 != 0", ["are odd"]),
    Condition("pos", "$x > 0", ["are positive", "are greater than zero"]),
    Condition("neg", "$x < 0", ["are negative", "are below zero"]),
    Condition("nonneg", "$x >= 0", ["are not negative", "are zero or more"]),
    Condition("div", "$x % $k == 0", ["are divisible by $k", "are multiples of $k"], span=(3, 9)),
    Condition("ndiv", "$x % $k != 0", ["are not divisible by $k", "are not multiples of $k"], span=(2, 7)),
    Condition("gt", "$x > $k", ["are greater than $k", "exceed $k", "are larger than $k"], span=(-5, 25)),
    Condition("lt", "$x < $k", ["are less than $k", "are smaller than $k", "are below $k"], span=(-2, 30)),
    Condition("ge", "$x >= $k", ["are at least $k", "are greater than or equal to $k"], span=(-5, 25)),
    Condition("le", "$x <= $k", ["are at most $k", "are less than or equal to $k"], span=(-2, 30)),
    Condition(
        "btw",
        "$a <= $x <= $b",
        ["are between $a and $b inclusive", "lie in the range from $a to $b inclusive"],
        java="$x >= $a && $x <= $b",
        constants="interval",
        span=(-5, 30),
    ),
    Condition(
        "out",
        "$x < $a or $x > $b",
        ["are less than $a or greater than $b", "lie outside the range from $a to $b"],
        java="$x < $a || $x > $b",
        constants="interval",
        span=(-5, 30),
    ),
    Condition(
        "lastd",
        "abs($x) % 10 == $k",
        ["end in the digit $k", "have $k as their last digit"],
        java="Math.abs($x) % 10 == $k",
        span=(0, 9),
    ),
    Condition(
        "dse",
        "sum(int(ch) for ch in str(abs($x))) % 2 == 0",
        ["have an even digit sum", "have digits that add up to an even number"],
        java="String.valueOf(Math.abs($x)).chars().map(ch -> ch - '0').sum() % 2 == 0",
    ),
    Condition(
        "dso",
        "sum(int(ch) for ch in str(abs($x))) % 2 != 0",
        ["have an odd digit sum", "have digits that add up to an odd number"],
        java="String.valueOf(Math.abs($x)).chars().map(ch -> ch - '0').sum() % 2 != 0",
    ),
    Condition(
        "dsgt",
        "sum(int(ch) for ch in str(abs($x))) > $k",
        ["have a digit sum greater than $k", "have digits adding up to more than $k"],
        java="String.valueOf(Math.abs($x)).chars().map(ch -> ch - '0').sum() > $k",
        span=(3, 9),
    ),
    Condition(
        "prime",
        "$x > 1 and all($x % z != 0 for z in range(2, int($x ** 0.5) + 1))",
        ["are prime", "are prime numbers"],
        java="$x > 1 && LongStream.rangeClosed(2, (long) Math.sqrt($x)).noneMatch(z -> $x % z == 0)",
        needs="cap",
    ),
    Condition(
        "sq",
        "$x >= 0 and int($x ** 0.5) ** 2 == $x",
        ["are perfect squares"],
        java="$x >= 0 && (long) Math.sqrt($x) * (long) Math.sqrt($x) == $x",
    ),
    Condition(
        "pal",
        "str($x) == str($x)[::-1]",
        ["read the same forwards and backwards", "are palindromes"],
        java="String.valueOf($x).equals(new StringBuilder(String.valueOf($x)).reverse().toString())",
    ),
    Condition(
        "ndig",
        "len(str(abs($x))) == $k",
        ["have exactly $k digits"],
        java="String.valueOf(Math.abs($x)).length() == $k",
        span=(1, 2),
    ),
    Condition("ne", "$x != $k", ["are not equal to $k", "differ from $k"], span=(0, 9)),
    Condition(
        "mod",
        "$x % $a == $b",
        ["leave a remainder of $b when divided by $a"],
        java="Math.floorMod($x, $a) == $b",
        constants="remainder",
    ),
    Condition(
        "hasd",
        "'$k' in str($x)",
        ["contain the digit $k", "have a digit $k"],
        java='String.valueOf($x).contains("$k")',
        span=(1, 9),
    ),
    Condition(
        "nohasd",
        "'$k' not in str($x)",
        ["do not contain the digit $k"],
        java='!String.valueOf($x).contains("$k")',
        span=(1, 5),
    ),
    Condition(
        "absgt",
        "abs($x) > $k",
        ["have an absolute value greater than $k", "are more than $k away from zero"],
        java="Math.abs($x) > $k",
        span=(3, 15),
    ),
    Condition("pow2", "$x > 0 and $x & ($x - 1) == 0", ["are powers of two"], java="$x > 0 && ($x & ($x - 1)) == 0"),
    Condition("idxe", "$i % 2 == 0", ["are at an even index", "stand at even positions"], needs="i"),
    Condition("idxo", "$i % 2 != 0", ["are at an odd index", "stand at odd positions"], needs="i"),
    Condition("idxk", "$i % $k == 0", ["are at an index divisible by $k"], needs="i", span=(3, 4)),
    Condition("gti", "$x > $i", ["are greater than their index"], needs="i"),
    Condition(
        "gtprev",
        "$i > 0 and $x > $L[$i - 1]",
        ["are greater than the element just before them"],
        java="$i > 0 && $x > $L.get($i - 1)",
        needs="iL",
    ),
    Condition(
        "ltprev",
        "$i > 0 and $x < $L[$i - 1]",
        ["are less than the element just before them"],
        java="$i > 0 && $x < $L.get($i - 1)",
        needs="iL",
    ),
    Condition(
        "gtnext",
        "$i + 1 < len($L) and $x > $L[$i + 1]",
        ["are greater than the next element"],
        java="$i + 1 < $L.size() && $x > $L.get($i + 1)",
        needs="iL",
    ),
    Condition(
        "dup", "$L.count($x) > 1", ["appear more than once"], java="Collections.frequency($L, $x) > 1", needs="L"
    ),
    Condition(
        "uniq", "$L.count($x) == 1", ["appear exactly once"], java="Collections.frequency($L, $x) == 1", needs="L"
    ),
    Condition(
        "eqmax",
        "$x == max($L)",
        ["are equal to the maximum", "equal the largest element"],
        java="$x == Collections.max($L)",
        needs="L",
    ),
    Condition(
        "nemin",
        "$x != min($L)",
        ["are not equal to the minimum", "differ from the smallest element"],
        java="$x != Collections.min($L)",
        needs="L",
    ),
    Condition(
        "gtavg",
        "$x * len($L) > sum($L)",
        ["are greater than the average", "are above the mean of the list"],
        java="$x * $L.size() > $L.stream().mapToLong(y -> y).sum()",
        needs="L",
    ),
]
CHARACTER_CONDITIONS = [
    Condition("vow", "$x.lower() in 'aeiou'", ["are vowels"], java='"aeiou".indexOf(Character.toLowerCase($x)) >= 0'),
    Condition(
        "cons",
        "$x.isalpha() and $x.lower() not in 'aeiou'",
        ["are consonants"],
        java='Character.isLetter($x) && "aeiou".indexOf(Character.toLowerCase($x)) < 0',
    ),
    Condition(
        "nvow", "$x.lower() not in 'aeiou'", ["are not vowels"], java='"aeiou".indexOf(Character.toLowerCase($x)) < 0'
    ),
    Condition("up", "$x.isupper()", ["are uppercase letters", "are in upper case"], java="Character.isUpperCase($x)"),
    Condition("low", "$x.islower()", ["are lowercase letters", "are in lower case"], java="Character.isLowerCase($x)"),
    Condition("dig", "$x.isdigit()", ["are digits"], java="Character.isDigit($x)"),
    Condition("ndigit", "not $x.isdigit()", ["are not digits"], java="!Character.isDigit($x)"),
    Condition("alpha", "$x.isalpha()", ["are letters"], java="Character.isLetter($x)"),
    Condition("nalpha", "not $x.isalpha()", ["are not letters"], java="!Character.isLetter($x)"),
    Condition("eqc", "$x == '$k'", ["are equal to '$k'", "are the letter '$k'"], choices="abceimnorst"),
    Condition("nec", "$x != '$k'", ["are not equal to '$k'", "are different from '$k'"], choices="abceimnorst"),
    Condition(
        "inset",
        "$x in '$k'",
        ["are one of the letters in '$k'", "occur in '$k'"],
        java='"$k".indexOf($x) >= 0',
        choices=["abc", "xyz", "aei", "rst", "lmn", "mnop", "stu", "bdp", "cat", "tea"],
    ),
    Condition(
        "ninset",
        "$x not in '$k'",
        ["do not occur in '$k'"],
        java='"$k".indexOf($x) < 0',
        choices=["abc", "xyz", "aei", "rst", "lmn", "mnop", "stu", "bdp", "cat", "tea"],
    ),
    Condition("gtc", "$x > '$k'", ["come after '$k' in character order"], choices="fghklmnop"),
    Condition("ltc", "$x < '$k'", ["come before '$k' in character order"], choices="fghklmnop"),
    Condition("nsp", "$x != ' '", ["are not spaces"]),
    Condition("idxe", "$i % 2 == 0", ["are at an even index", "stand at even positions"], needs="i"),
    Condition("idxo", "$i % 2 != 0", ["are at an odd index", "stand at odd positions"], needs="i"),
    Condition("idxk", "$i % $k == 0", ["are at an index divisible by $k"], needs="i", span=(3, 4)),
    Condition(
        "eqprev",
        "$i > 0 and $x == $L[$i - 1]",
        ["are equal to the character just before them"],
        java="$i > 0 && $x == $L.charAt($i - 1)",
        needs="iL",
    ),
    Condition(
        "neprev",
        "$i == 0 or $x != $L[$i - 1]",
        ["differ from the character just before them"],
        java="$i == 0 || $x != $L.charAt($i - 1)",
        needs="iL",
    ),
    Condition(
        "dup", "$L.count($x) > 1", ["appear more than once"], java="$L.indexOf($x) != $L.lastIndexOf($x)", needs="L"
    ),
    Condition(
        "uniq", "$L.count($x) == 1", ["appear exactly once"], java="$L.indexOf($x) == $L.lastIndexOf($x)", needs="L"
    ),
    Condition("eqfirst", "$x == $L[0]", ["are equal to the first character"], java="$x == $L.charAt(0)", needs="L"),
    Condition("orde", "ord($x) % 2 == 0", ["have an even character code"], java="$x % 2 == 0"),
]
STRING_CONDITIONS = [
    Condition(
        "lgt",
        "len($x) > $k",
        ["have more than $k characters", "are longer than $k"],
        java="$x.length() > $k",
        span=(2, 6),
    ),
    Condition(
        "llt",
        "len($x) < $k",
        ["have fewer than $k characters", "are shorter than $k"],
        java="$x.length() < $k",
        span=(3, 7),
    ),
    Condition(
        "leq",
        "len($x) == $k",
        ["have exactly $k characters", "are $k characters long"],
        java="$x.length() == $k",
        span=(3, 6),
    ),
    Condition("lne", "len($x) != $k", ["do not have exactly $k characters"], java="$x.length() != $k", span=(3, 6)),
    Condition("leven", "len($x) % 2 == 0", ["have an even length"], java="$x.length() % 2 == 0"),
    Condition("lodd", "len($x) % 2 != 0", ["have an odd length"], java="$x.length() % 2 != 0"),
    Condition(
        "sw",
        "$x.startswith('$k')",
        ["start with '$k'", "begin with '$k'"],
        java='$x.startsWith("$k")',
        choices="abcdmprst",
    ),
    Condition(
        "nsw", "not $x.startswith('$k')", ["do not start with '$k'"], java='!$x.startsWith("$k")', choices="abcdmprst"
    ),
    Condition("ew", "$x.endswith('$k')", ["end with '$k'"], java='$x.endsWith("$k")', choices="aednrst"),
    Condition(
        "has", "'$k' in $x", ["contain '$k'", "contain the letter '$k'"], java='$x.contains("$k")', choices="aeiornst"
    ),
    Condition("nhas", "'$k' not in $x", ["do not contain '$k'"], java='!$x.contains("$k")', choices="aeiornst"),
    Condition("swv", "$x[0] in 'aeiou'", ["start with a vowel"], java='"aeiou".indexOf($x.charAt(0)) >= 0'),
    Condition(
        "ewv", "$x[-1] in 'aeiou'", ["end with a vowel"], java='"aeiou".indexOf($x.charAt($x.length() - 1)) >= 0'
    ),
    Condition("swc", "$x[0] not in 'aeiou'", ["do not start with a vowel"], java='"aeiou".indexOf($x.charAt(0)) < 0'),
    Condition(
        "pal",
        "$x == $x[::-1]",
        ["are palindromes", "read the same in both directions"],
        java="$x.equals(new StringBuilder($x).reverse().toString())",
    ),
    Condition(
        "fl",
        "$x[0] == $x[-1]",
        ["start and end with the same letter"],
        java="$x.charAt(0) == $x.charAt($x.length() - 1)",
    ),
    Condition(
        "vgt",
        "sum(1 for ch in $x if ch in 'aeiou') > $k",
        ["contain more than $k vowels"],
        java='$x.chars().filter(ch -> "aeiou".indexOf(ch) >= 0).count() > $k',
        span=(1, 2),
    ),
    Condition(
        "veq",
        "sum(1 for ch in $x if ch in 'aeiou') == $k",
        ["contain exactly $k vowels"],
        java='$x.chars().filter(ch -> "aeiou".indexOf(ch) >= 0).count() == $k',
        span=(1, 2),
    ),
    Condition(
        "before", "$x < '$k'", ["come before '$k' alphabetically"], java='$x.compareTo("$k") < 0', choices="ghkmnp"
    ),
    Condition(
        "after", "$x > '$k'", ["come after '$k' alphabetically"], java='$x.compareTo("$k") > 0', choices="ghkmnp"
    ),
    Condition("idxe", "$i % 2 == 0", ["are at an even index", "stand at even positions"], needs="i"),
    Condition("idxo", "$i % 2 != 0", ["are at an odd index", "stand at odd positions"], needs="i"),
    Condition("lgti", "len($x) > $i", ["are longer than their index"], java="$x.length() > $i", needs="i"),
    Condition(
        "dup", "$L.count($x) > 1", ["appear more than once"], java="Collections.frequency($L, $x) > 1", needs="L"
    ),
    Condition(
        "uniq", "$L.count($x) == 1", ["appear exactly once"], java="Collections.frequency($L, $x) == 1", needs="L"
    ),
    Condition(
        "lgtf",
        "len($x) > len($L[0])",
        ["are longer than the first one"],
        java="$x.length() > $L.get(0).length()",
        needs="L",
    ),
]
PAIR_CONDITIONS = [
    Condition("lt", "$a < $b", ["have a first element smaller than the second"]),
    Condition("gt", "$a > $b", ["have a first element greater than the second"]),
    Condition("eq", "$a == $b", ["consist of two equal elements"]),
    Condition("ne", "$a != $b", ["consist of two different elements"]),
    Condition("sume", "($a + $b) % 2 == 0", ["have an even sum"]),
    Condition("sumo", "($a + $b) % 2 != 0", ["have an odd sum"]),
    Condition("sumk", "($a + $b) % $k == 0", ["have a sum divisible by $k"], span=(3, 5)),
    Condition("sumgt", "$a + $b > $k", ["have a sum greater than $k"], span=(5, 25)),
    Condition("sumlt", "$a + $b < $k", ["have a sum less than $k"], span=(5, 25)),
    Condition("diffgt", "abs($a - $b) > $k", ["differ by more than $k"], java="Math.abs($a - $b) > $k", span=(2, 8)),
    Condition("difflt", "abs($a - $b) < $k", ["differ by less than $k"], java="Math.abs($a - $b) < $k", span=(4, 12)),
    Condition(
        "bothe", "$a % 2 == 0 and $b % 2 == 0", ["consist of two even numbers"], java="$a % 2 == 0 && $b % 2 == 0"
    ),
    Condition(
        "botho", "$a % 2 != 0 and $b % 2 != 0", ["consist of two odd numbers"], java="$a % 2 != 0 && $b % 2 != 0"
    ),
    Condition("prodp", "$a * $b > 0", ["have a positive product"]),
    Condition(
        "maxge",
        "max($a, $b) >= $k",
        ["have a larger element of at least $k"],
        java="Math.max($a, $b) >= $k",
        span=(5, 20),
    ),
    Condition(
        "minlt", "min($a, $b) < $k", ["have a smaller element below $k"], java="Math.min($a, $b) < $k", span=(2, 12)
    ),
]
