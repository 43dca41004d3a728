"""Families that simulate a small process or read structured input."""

from generator.families.family import family, table
from generator.inputs import integers_between, one_of, some_integers, string, text_over, whole, word

family(
    "leap_years",
    parameters=[("n", "I"), ("k", "I")],
    result="$rt",
    inputs=[whole(1, 60), whole(20, 90)],
    texts=[
        "Return $what the numbers from $n to $k that are divisible by $a but not by $b$also.",
        "Call a number from $n to $k marked if it is divisible by $a but not by $b$also. "
        "Return $what the marked numbers.",
    ],
    python="""
        $init
        for year in range($n, $k + 1):
            if $c:
                $act
        return result
    """,
    java="""
        $jinit
        for (long year = $n; year <= $k; year++) {
            if ($jc) {
                $jact
            }
        }
        return result;
    """,
    variants={
        "d": table("id a b", ("4", "4", "12"), ("3", "3", "6"), ("2", "2", "10"), ("5", "5", "25")),
        "e": table(
            "id also c jc",
            ("n", "", "year % $a == 0 and year % $b != 0", "year % $a == 0 && year % $b != 0"),
            (
                "o",
                ", or if it is divisible by 40",
                "year % $a == 0 and year % $b != 0 or year % 40 == 0",
                "year % $a == 0 && year % $b != 0 || year % 40 == 0",
            ),
        ),
        "w": table(
            "id rt what init act jinit jact",
            ("cnt", "I", "the number of", "result = 0", "result += 1", "long result = 0;", "result++;"),
            ("sum", "I", "the sum of", "result = 0", "result += year", "long result = 0;", "result += year;"),
            (
                "list",
                "LI",
                "a list of",
                "result = []",
                "result.append(year)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(year);",
            ),
        ),
    },
)

family(
    "change",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(1, 150)],
    texts=[
        "Pay $n with coins of $a, $b and 1, always taking the largest coin that fits. Return $what.",
        "An amount of $n is paid greedily with coins of $a, $b and 1. Return $what.",
    ],
    python="""
        $init
        rest = $n
        for coin in [$a, $b, 1]:
            $act
            rest %= coin
        return result
    """,
    java="""
        $jinit
        long rest = $n;
        for (long coin : new long[] {$a, $b, 1}) {
            $jact
            rest %= coin;
        }
        return result;
    """,
    variants={
        "a": [10, 20, 25],
        "b": [4, 5, 6],
        "w": table(
            "id rt what init act jinit jact",
            (
                "n",
                "I",
                "the number of coins used",
                "result = 0",
                "result += rest // coin",
                "long result = 0;",
                "result += rest / coin;",
            ),
            (
                "l",
                "LI",
                "a list of how many coins of each kind are used, largest coin first",
                "result = []",
                "result.append(rest // coin)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(rest / coin);",
            ),
            (
                "m",
                "I",
                "the largest number of coins used of one kind",
                "result = 0",
                "result = max(result, rest // coin)",
                "long result = 0;",
                "result = Math.max(result, rest / coin);",
            ),
            (
                "k",
                "I",
                "the number of different kinds of coins used",
                "result = 0",
                "result += 1 if rest >= coin else 0",
                "long result = 0;",
                "result += rest >= coin ? 1 : 0;",
            ),
        ),
    },
)

family(
    "growth",
    parameters=[("n", "I"), ("k", "I")],
    result="I",
    inputs=[whole(1, 60), whole(1, 8)],
    texts=[
        "A stock of $n changes $k times. Each time $rule. Return $what.",
        "Start with $n and repeat $k times: $rule. Return $what.",
    ],
    python="""
        x = $n
        total = 0
        for _ in range($k):
            x $e
            total += x
        return $r
    """,
    java="""
        long x = $n;
        long total = 0;
        for (int i = 0; i < $k; i++) {
            x $e2;
            total += x;
        }
        return $r;
    """,
    variants={
        "e": table(
            "id rule e e2",
            ("half", "half of it, rounded down, is added to it", "+= x // 2", "+= x / 2"),
            ("third", "a third of it, rounded down, is taken away", "-= x // 3", "-= x / 3"),
            ("dbl", "it is doubled and then reduced by 3", "= 2 * x - 3", "= 2 * x - 3"),
            ("dig", "its last digit is added to it", "+= x % 10", "+= x % 10"),
            ("five", "it grows by 5", "+= 5", "+= 5"),
        ),
        "w": table(
            "id what r",
            ("x", "what it is at the end", "x"),
            ("t", "the sum of what it is after each change", "total"),
            ("d", "what it is at the end minus $n", "x - $n"),
        ),
    },
)

family(
    "digit_pairs",
    parameters=[("n", "I")],
    result="I",
    inputs=[whole(10, 9999999)],
    texts=[
        "Return $what the pairs of neighbouring digits of $n in which $cond.",
        "Look at the pairs of neighbouring digits of $n in which $cond. Return $what them.",
    ],
    python="""
        s = str($n)
        result = 0
        for i in range(len(s) - 1):
            a = int(s[i])
            b = int(s[i + 1])
            if $c:
                result += $e
        return result
    """,
    java="""
        String s = String.valueOf($n);
        long result = 0;
        for (int i = 0; i + 1 < s.length(); i++) {
            long a = s.charAt(i) - '0';
            long b = s.charAt(i + 1) - '0';
            if ($jc) {
                result += $e;
            }
        }
        return result;
    """,
    variants={
        "c": table(
            "id cond c jc",
            ("lt", "the first is smaller than the second", "a < b", "a < b"),
            ("gt", "the first is greater than the second", "a > b", "a > b"),
            ("eq", "both are equal", "a == b", "a == b"),
            ("one", "the two differ by at most 1", "abs(a - b) <= 1", "Math.abs(a - b) <= 1"),
            ("even", "the sum is even", "(a + b) % 2 == 0", "(a + b) % 2 == 0"),
        ),
        "w": table(
            "id what e",
            ("n", "the number of", "1"),
            ("p", "the sum of the products of", "a * b"),
            ("s", "the sum of both digits over all of", "a + b"),
        ),
    },
    forbidden_names=("s",),
)

family(
    "overlap",
    parameters=[("a1", "I"), ("kb", "I"), ("kc", "I"), ("kd", "I")],
    result="$rt",
    inputs=[whole(-5, 9), whole(4, 20), whole(-5, 15), whole(5, 25)],
    texts=[
        "One interval goes from $a1 to $kb, another from $kc to $kd. Return $what.",
        "Given the intervals [$a1, $kb] and [$kc, $kd], return $what.",
    ],
    python="""
        low = $lo($a1, $kc)
        high = $hi($kb, $kd)
        return $r
    """,
    java="""
        long low = Math.$lo($a1, $kc);
        long high = Math.$hi($kb, $kd);
        return $jr;
    """,
    variants={
        "s": table("id lo hi set", ("and", "max", "min", "overlap"), ("or", "min", "max", "span")),
        "w": table(
            "id rt what r jr",
            (
                "len",
                "I",
                "the length of their $set, or 0 if the end is before the start",
                "max(0, high - low)",
                "Math.max(0, high - low)",
            ),
            ("start", "I", "where their $set starts", "low", "low"),
            ("end", "I", "where their $set ends", "high", "high"),
            ("big", "B", "whether their $set is longer than 5", "high - low > 5", "high - low > 5"),
        ),
    },
)

family(
    "halves",
    parameters=[("s", "S")],
    result="S",
    inputs=[string],
    texts=[
        "Cut $s in the middle (the $long half is the longer one if the length is odd). Return $what.",
        "Split $s into two halves, the $long one longer by one if needed, and return $what.",
    ],
    python="""
        cut = $cut
        a = $s[:cut]
        b = $s[cut:]
        return $r
    """,
    java="""
        int cut = $jcut;
        String a = $s.substring(0, cut);
        String b = $s.substring(cut);
        return $jr;
    """,
    variants={
        "m": table(
            "id long cut jcut",
            ("r", "right", "len($s) // 2", "$s.length() / 2"),
            ("l", "left", "(len($s) + 1) // 2", "($s.length() + 1) / 2"),
        ),
        "w": table(
            "id what r jr",
            ("swap", "the halves in exchanged order", "b + a", "b + a"),
            (
                "first",
                "the first half in reverse, then the second",
                "a[::-1] + b",
                "new StringBuilder(a).reverse() + b",
            ),
            ("last", "the first half, then the second in reverse", "a + b[::-1]", "a + new StringBuilder(b).reverse()"),
            ("mid", "the halves with a '|' between them", "a + '|' + b", 'a + "|" + b'),
            ("up", "the first half in upper case, then the second", "a.upper() + b", "a.toUpperCase() + b"),
        ),
    },
)

family(
    "insert_marks",
    parameters=[("s", "S"), ("k", "I")],
    result="S",
    inputs=[string, whole(1, 4)],
    texts=[
        "Return $s with a '$c' $where every $k characters, counted from the start.",
        "Count the characters of $s from the start and put a '$c' $where every $k of them. Return the result.",
    ],
    python="""
        result = ''
        for i, ch in enumerate($s):
            $body
        return result
    """,
    java="""
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < $s.length(); i++) {
            char ch = $s.charAt(i);
            $jbody
        }
        return result.toString();
    """,
    variants={
        "c": ["-", "*", ".", "_"],
        "w": table(
            "id where body jbody",
            (
                "after",
                "after",
                "result += ch\n    if (i + 1) % $k == 0:\n        result += '$c'",
                "result.append(ch);\n    if ((i + 1) % $k == 0) {\n        result.append('$c');\n    }",
            ),
            (
                "before",
                "before",
                "if i % $k == 0:\n        result += '$c'\n    result += ch",
                "if (i % $k == 0) {\n        result.append('$c');\n    }\n    result.append(ch);",
            ),
            (
                "instead",
                "instead of the last of",
                "result += '$c' if (i + 1) % $k == 0 else ch",
                "result.append((i + 1) % $k == 0 ? '$c' : ch);",
            ),
            (
                "first",
                "instead of the first of",
                "result += '$c' if i % $k == 0 else ch",
                "result.append(i % $k == 0 ? '$c' : ch);",
            ),
        ),
    },
    forbidden_names=("ch",),
)

family(
    "stack",
    parameters=[("xs", "LI")],
    result="$rt",
    inputs=[integers_between(-1, 6, 1, 9)],
    texts=[
        "Go through $xs with an empty stack: $rule, any other number is pushed. Return $what.",
        "Start with an empty stack. For each number of $xs: $rule, any other is pushed. Return $what.",
    ],
    python="""
        stack = []
        for x in $xs:
            if $c:
                $act
            else:
                stack.append(x)
        return $r
    """,
    java="""
        ArrayList<Long> stack = new ArrayList<>();
        for (long x : $xs) {
            if ($jc) {
                $jact
            } else {
                stack.add(x);
            }
        }
        return $jr;
    """,
    variants={
        "o": table(
            "id rule c act jc jact",
            (
                "zero",
                "a number below 1 takes the top off (nothing happens if the stack is empty)",
                "x < 1",
                "if stack:\n            stack.pop()",
                "x < 1",
                "if (!stack.isEmpty()) {\n            stack.remove(stack.size() - 1);\n        }",
            ),
            (
                "same",
                "a number equal to the top takes the top off",
                "stack and stack[-1] == x",
                "stack.pop()",
                "!stack.isEmpty() && stack.get(stack.size() - 1) == x",
                "stack.remove(stack.size() - 1);",
            ),
            (
                "less",
                "a number smaller than the top replaces the top",
                "stack and x < stack[-1]",
                "stack[-1] = x",
                "!stack.isEmpty() && x < stack.get(stack.size() - 1)",
                "stack.set(stack.size() - 1, x);",
            ),
        ),
        "w": table(
            "id rt what r jr",
            ("l", "LI", "the stack as a list, bottom first", "stack", "stack"),
            ("n", "I", "the size of the stack", "len(stack)", "stack.size()"),
            ("s", "I", "the sum of the stack", "sum(stack)", "stack.stream().mapToLong(y -> y).sum()"),
            ("e", "B", "whether the stack has more than 2 elements", "len(stack) > 2", "stack.size() > 2"),
        ),
    },
)

family(
    "number_text",
    parameters=[("s", "S")],
    result="$rt",
    inputs=[one_of("3,5,7", "10", "4,4,1", "12,0,9,3", "8,2", "1,2,3,4,5", "20,5,5", "7,11,13", "0,6", "15,2,30")],
    texts=[
        "The string $s holds whole numbers separated by commas. Return $what the numbers$cond.",
        "Split $s at its commas into whole numbers. Return $what the numbers$cond.",
    ],
    python="""
        $init
        for part in $s.split(','):
            x = int(part)
            if $c:
                $act
        return result
    """,
    java="""
        $jinit
        for (String part : $s.split(",")) {
            long x = Long.parseLong(part);
            if ($c) {
                $jact
            }
        }
        return result;
    """,
    variants={
        "c": table(
            "id cond c",
            ("gt", " that are greater than 3", "x > 3"),
            ("ev", " that are even", "x % 2 == 0"),
            ("od", " that are odd", "x % 2 != 0"),
            ("lt", " that are less than 10", "x < 10"),
        ),
        "w": table(
            "id rt what init act jinit jact",
            ("s", "I", "the sum of", "result = 0", "result += x", "long result = 0;", "result += x;"),
            ("n", "I", "the number of", "result = 0", "result += 1", "long result = 0;", "result++;"),
            (
                "l",
                "LI",
                "a list of",
                "result = []",
                "result.append(x)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(x);",
            ),
            (
                "m",
                "I",
                "the largest (0 if there is none) of",
                "result = 0",
                "result = max(result, x)",
                "long result = 0;",
                "result = Math.max(result, x);",
            ),
            (
                "q",
                "I",
                "the sum of the squares of",
                "result = 0",
                "result += x * x",
                "long result = 0;",
                "result += x * x;",
            ),
        ),
    },
)

family(
    "countdown",
    parameters=[("n", "I"), ("k", "I")],
    result="$rt",
    inputs=[whole(1, 30), whole(1, 7)],
    texts=[
        "Count down from $n in steps of $k as long as the number is $stop. Return $what the numbers counted.",
        "Starting with $n, subtract $k again and again; use every number that is $stop. Return $what these numbers.",
    ],
    python="""
        $init
        x = $n
        while x $c:
            $act
            x -= $k
        return result
    """,
    java="""
        $jinit
        long x = $n;
        while (x $c) {
            $jact
            x -= $k;
        }
        return result;
    """,
    variants={
        "c": table(
            "id stop c", ("p", "positive", "> 0"), ("z", "not negative", ">= 0"), ("m", "greater than -10", "> -10")
        ),
        "w": table(
            "id rt what init act jinit jact",
            ("s", "I", "the sum of", "result = 0", "result += x", "long result = 0;", "result += x;"),
            ("n", "I", "the number of", "result = 0", "result += 1", "long result = 0;", "result++;"),
            (
                "l",
                "LI",
                "a list of",
                "result = []",
                "result.append(x)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(x);",
            ),
            (
                "q",
                "I",
                "the sum of the squares of",
                "result = 0",
                "result += x * x",
                "long result = 0;",
                "result += x * x;",
            ),
        ),
    },
)

family(
    "account",
    parameters=[("xs", "LI"), ("k", "I")],
    result="I",
    inputs=[some_integers, whole(0, 20)],
    texts=[
        "An account starts at $k. The amounts in $xs are added one after another, but $rule. Return $what.",
        "Starting from $k, add the amounts of $xs in order, but $rule. Return $what.",
    ],
    python="""
        balance = $k
        count = 0
        for x in $xs:
            if $c:
                count += 1
                $act
            else:
                balance += x
        return $r
    """,
    java="""
        long balance = $k;
        long count = 0;
        for (long x : $xs) {
            if ($c) {
                count++;
                $jact
            } else {
                balance += x;
            }
        }
        return $r;
    """,
    variants={
        "c": table(
            "id rule c act jact",
            ("neg", "one that would make it negative is refused", "balance + x < 0", "continue", "continue;"),
            (
                "cap",
                "one that would take it above 100 sets it to 100",
                "balance + x > 100",
                "balance = 100",
                "balance = 100;",
            ),
            ("zero", "one that would make it negative sets it to 0", "balance + x < 0", "balance = 0", "balance = 0;"),
            (
                "big",
                "one greater than 30 only counts half, rounded down",
                "x > 30",
                "balance += x // 2",
                "balance += x / 2;",
            ),
        ),
        "w": table(
            "id what r",
            ("b", "the final balance", "balance"),
            ("n", "how often that happened", "count"),
            ("m", "the final balance minus how often that happened", "balance - count"),
        ),
    },
)

family(
    "peaks",
    parameters=[("xs", "LI")],
    result="$rt",
    inputs=[integers_between(0, 9, 2, 9)],
    texts=[
        "Return $what the elements of $xs that are $cond both neighbours (the first and last element do not count).",
        "An element of $xs is marked if it is $cond both the one before and the one after it. "
        "Return $what the marked ones.",
    ],
    python="""
        $init
        for i in range(1, len($xs) - 1):
            if $xs[i] $op $xs[i - 1] and $xs[i] $op $xs[i + 1]:
                $act
        return result
    """,
    java="""
        $jinit
        for (int i = 1; i + 1 < $xs.size(); i++) {
            if ($xs.get(i) $op $xs.get(i - 1) && $xs.get(i) $op $xs.get(i + 1)) {
                $jact
            }
        }
        return result;
    """,
    variants={
        "c": table(
            "id cond op",
            ("gt", "greater than", ">"),
            ("lt", "less than", "<"),
            ("ge", "at least as large as", ">="),
            ("le", "at most as large as", "<="),
        ),
        "w": table(
            "id rt what init act jinit jact",
            ("n", "I", "the number of", "result = 0", "result += 1", "long result = 0;", "result++;"),
            ("s", "I", "the sum of", "result = 0", "result += $xs[i]", "long result = 0;", "result += $xs.get(i);"),
            (
                "l",
                "LI",
                "a list of",
                "result = []",
                "result.append($xs[i])",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add($xs.get(i));",
            ),
            (
                "i",
                "LI",
                "a list of the indices of",
                "result = []",
                "result.append(i)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add((long) i);",
            ),
        ),
    },
)

family(
    "letter_values",
    parameters=[("s", "S")],
    result="I",
    inputs=[word],
    texts=[
        "Let each lowercase letter of $s be worth its place in the alphabet (a is 1, b is 2, ...). Return $what.",
        "Every letter of the lowercase word $s has a value: its place in the alphabet, starting with 1. Return $what.",
    ],
    python="""
        result = $init
        for c in $s:
            value = ord(c) - 96
            $act
        return result
    """,
    java="""
        long result = $init;
        for (char c : $s.toCharArray()) {
            long value = c - 96;
            $jact
        }
        return result;
    """,
    variants={
        "w": table(
            "id what init act jact",
            ("s", "the sum of the values", "0", "result += value", "result += value;"),
            ("m", "the largest value", "0", "result = max(result, value)", "result = Math.max(result, value);"),
            ("q", "the sum of the squares of the values", "0", "result += value * value", "result += value * value;"),
            (
                "e",
                "the sum of the even values",
                "0",
                "result += value if value % 2 == 0 else 0",
                "result += value % 2 == 0 ? value : 0;",
            ),
            ("o", "the number of odd values", "0", "result += value % 2", "result += value % 2;"),
            ("l", "the smallest value", "26", "result = min(result, value)", "result = Math.min(result, value);"),
            (
                "h",
                "the number of values above 10",
                "0",
                "result += 1 if value > 10 else 0",
                "result += value > 10 ? 1 : 0;",
            ),
        ),
    },
)

family(
    "binary_count",
    parameters=[("s", "S")],
    result="I",
    inputs=[text_over("01", 1, 10)],
    texts=[
        "Return the length of the longest block of equal characters '$d' in $s$extra.",
        "Find the longest run of the character '$d' in $s and return its length$extra.",
    ],
    python="""
        best = 0
        cur = 0
        for c in $s:
            cur = cur + 1 if c == '$d' else 0
            best = max(best, cur)
        return best$e
    """,
    java="""
        long best = 0;
        long cur = 0;
        for (char c : $s.toCharArray()) {
            cur = c == '$d' ? cur + 1 : 0;
            best = Math.max(best, cur);
        }
        return best$e;
    """,
    variants={
        "d": ["0", "1"],
        "x": table(
            "id extra e",
            ("p", "", ""),
            ("x2", ", multiplied by 2", " * 2"),
            ("sq", " minus the length of the block at the end", " - cur"),
            ("p1", " plus the length of the block at the end", " + cur"),
        ),
    },
)
