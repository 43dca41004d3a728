"""Families over whole numbers."""

from generator.families.family import family, table
from generator.inputs import composite, perhaps_perfect, short_or_long, text_over, whole

family(
    "gcd",
    parameters=[("a1", "I"), ("k", "I")],
    result="I",
    inputs=[whole(1, 120), whole(1, 90)],
    texts=[
        "Return the greatest common divisor of $a1 and $k$dw.",
        "Compute the largest integer that divides both $a1 and $k, and return it$dw.",
    ],
    python="""
        a = $a1
        b = $k
        while b != 0:
            a, b = b, a % b
        return a$py
    """,
    java="""
        long a = $a1;
        long b = $k;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a$py;
    """,
    variants={
        "v": table(
            "id dw py",
            ("p", "", ""),
            ("x2", " times 2", " * 2"),
            ("p1", " plus 1", " + 1"),
            ("sq", ", squared", " * a"),
            ("m1", " minus 1", " - 1"),
            ("x3", " times 3", " * 3"),
            ("x10", " times 10", " * 10"),
        ),
    },
)


family(
    "lcm",
    parameters=[("a1", "I"), ("k", "I")],
    result="I",
    inputs=[whole(1, 60), whole(1, 40)],
    texts=[
        "Return the least common multiple of $a1 and $k$dw.",
        "Find the smallest positive number that is a multiple of both $a1 and $k. Return it$dw.",
    ],
    python="""
        a = $a1
        b = $k
        while b != 0:
            a, b = b, a % b
        return $a1 * $k // a$py
    """,
    java="""
        long a = $a1;
        long b = $k;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return $a1 * $k / a$py;
    """,
    variants={
        "v": table(
            "id dw py",
            ("p", "", ""),
            ("p1", " plus 1", " + 1"),
            ("m1", " minus 1", " - 1"),
            ("pg", " plus the greatest common divisor", " + a"),
            ("mg", " minus the greatest common divisor", " - a"),
        ),
    },
)


family(
    "is_prime",
    parameters=[("n", "I")],
    result="B",
    inputs=[whole(0, 60)],
    texts=["Return True if $n$dw is a prime number, and False otherwise.", "Check whether $n$dw is prime."],
    python="""
        x = $n$py
        if x < 2:
            return False
        for i in range(2, int(x ** 0.5) + 1):
            if x % i == 0:
                return False
        return True
    """,
    java="""
        long x = $n$py;
        if (x < 2) {
            return false;
        }
        for (long i = 2; i * i <= x; i++) {
            if (x % i == 0) {
                return false;
            }
        }
        return true;
    """,
    variants={
        "v": table(
            "id dw py",
            ("p", "", ""),
            ("p2", " plus 2", " + 2"),
            ("x2p1", " times 2 plus 1", " * 2 + 1"),
            ("m4", " minus 4", " - 4"),
            ("p10", " plus 10", " + 10"),
            ("x6m1", " times 6 minus 1", " * 6 - 1"),
        ),
    },
)


family(
    "count_primes",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(1, 60)],
    texts=["Return $what the prime numbers $rng.", "Find all primes $rng and return $what them."],
    python="""
        $init
        for x in range($lo, $hi):
            is_prime = x > 1
            for y in range(2, x):
                if x % y == 0:
                    is_prime = False
                    break
            if is_prime:
                $act
        return result
    """,
    java="""
        $jinit
        for (long x = $lo; x < $hi; x++) {
            boolean isPrime = x > 1;
            for (long y = 2; y < x; y++) {
                if (x % y == 0) {
                    isPrime = false;
                    break;
                }
            }
            if (isPrime) {
                $jact
            }
        }
        return result;
    """,
    variants={
        "w": table(
            "id rt what init act jinit jact",
            ("cnt", "I", "the number of", "result = 0", "result += 1", "long result = 0;", "result++;"),
            ("sum", "I", "the sum of", "result = 0", "result += x", "long result = 0;", "result += x;"),
            (
                "list",
                "LI",
                "a list of",
                "result = []",
                "result.append(x)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(x);",
            ),
            (
                "sqs",
                "I",
                "the sum of the squares of",
                "result = 0",
                "result += x * x",
                "long result = 0;",
                "result += x * x;",
            ),
            (
                "lastl",
                "LI",
                "a list of the last digits of",
                "result = []",
                "result.append(x % 10)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(x % 10);",
            ),
        ),
        "g": table(
            "id rng lo hi",
            ("lt", "below $n", "2", "$n"),
            ("le", "up to and including $n", "2", "$n + 1"),
            ("dbl", "between $n and twice $n inclusive", "$n", "2 * $n + 1"),
            ("sq10", "from 10 to $n inclusive", "10", "$n + 1"),
        ),
    },
)


family(
    "prime_factors",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[composite],
    texts=["Return $what the prime factors of $n$how.", "Factor $n into primes and return $what the factors$how."],
    python="""
        $init
        x = $n
        i = 2
        while x > 1:
            if x % i == 0:
                $act
                $step
            else:
                i += 1
        return $ret
    """,
    java="""
        $jinit
        long x = $n;
        long i = 2;
        while (x > 1) {
            if (x % i == 0) {
                $jact
                $jstep
            } else {
                i++;
            }
        }
        return $jret;
    """,
    variants={
        "w": table(
            "id rt what init act jinit jact ret jret",
            (
                "list",
                "LI",
                "a list of",
                "result = []",
                "result.append(i)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add(i);",
                "result",
                "result",
            ),
            (
                "sum",
                "I",
                "the sum of",
                "result = 0",
                "result += i",
                "long result = 0;",
                "result += i;",
                "result",
                "result",
            ),
            (
                "cnt",
                "I",
                "the number of",
                "result = 0",
                "result += 1",
                "long result = 0;",
                "result++;",
                "result",
                "result",
            ),
            (
                "max",
                "I",
                "the largest of",
                "result = 1",
                "result = max(result, i)",
                "long result = 1;",
                "result = Math.max(result, i);",
                "result",
                "result",
            ),
        ),
        "h": table(
            "id how step jstep",
            ("rep", ", counting repeated factors", "x //= i", "x /= i;"),
            (
                "dis",
                ", each factor once",
                ("while x % i == 0:\n" "            x //= i"),
                ("while (x % i == 0) {\n" "            x /= i;\n" "        }"),
            ),
        ),
    },
)


family(
    "digit_powers",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[short_or_long],
    texts=["Return $what.", "For a non-negative integer $n, return $what."],
    python="""
        total = 0
        x = $n
        while x > 0:
            digit = x % 10
            total += $e
            x //= 10
        return total$fin
    """,
    java="""
        long total = 0;
        long x = $n;
        while (x > 0) {
            long digit = x % 10;
            total += $e;
            x /= 10;
        }
        return total$fin;
    """,
    variants={
        "p": table(
            "id e ew",
            ("1", "digit", "the sum of the digits of $n"),
            ("2", "digit * digit", "the sum of the squares of the digits of $n"),
            ("3", "digit * digit * digit", "the sum of the cubes of the digits of $n"),
            ("x2", "2 * digit", "twice the sum of the digits of $n"),
            ("9m", "9 - digit", "the sum of the nines' complements (9 minus the digit) of the digits of $n"),
        ),
        "f": table(
            "id rt fin what",
            ("p", "I", "", "$ew"),
            ("eq", "B", " == $n", "whether $ew is equal to $n itself"),
            ("m", "I", " - $n", "$ew minus $n"),
            ("par", "B", " % 2 == 0", "whether $ew is even"),
            ("mod7", "I", " % 7", "$ew modulo 7"),
            ("div3", "B", " % 3 == 0", "whether $ew is divisible by 3"),
        ),
    },
)


family(
    "digit_root",
    parameters=[("n", "I")],
    result="I",
    inputs=[short_or_long],
    texts=[
        "Repeat replacing $n by $what until it has a single digit, and return $ret.",
        "Keep replacing $n with $what while it is at least 10. Return $ret.",
    ],
    python="""
        x = $n
        rounds = 0
        while x >= 10:
            y = $init
            for ch in str(x):
                y $op int(ch)
            x = y
            rounds += 1
        return $r
    """,
    java="""
        long x = $n;
        long rounds = 0;
        while (x >= 10) {
            long y = $init;
            for (char ch : String.valueOf(x).toCharArray()) {
                y $op ch - '0';
            }
            x = y;
            rounds++;
        }
        return $r;
    """,
    variants={
        "a": table(
            "id what init op",
            ("s", "the sum of its digits", "0", "+="),
            ("p", "the product of its digits", "1", "*="),
        ),
        "b": table(
            "id ret r",
            ("x", "that digit", "x"),
            ("c", "how many times this was done", "rounds"),
            ("b", "that digit plus the number of rounds", "x + rounds"),
            ("m", "that digit times the number of rounds", "x * rounds"),
        ),
    },
)


family(
    "fibonacci_like",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(1, 15)],
    texts=[
        ("A sequence starts with $a and $b, and each later term is $rule of the two terms before " "it. Return $what."),
        (
            "Let the first two terms of a sequence be $a and $b; every further term is $rule of the "
            "previous two. Return $what."
        ),
    ],
    python="""
        a = $a
        b = $b
        $init
        for i in range($n):
            $act
            a, b = b, $e
        return $ret
    """,
    java="""
        long a = $a;
        long b = $b;
        $jinit
        for (int i = 0; i < $n; i++) {
            $jact
            long next = $e;
            a = b;
            b = next;
        }
        return $ret;
    """,
    variants={
        "s": table(
            "id a b",
            ("01", "0", "1"),
            ("11", "1", "1"),
            ("21", "2", "1"),
            ("13", "1", "3"),
            ("02", "0", "2"),
            ("25", "2", "5"),
        ),
        "r": table(
            "id rule e",
            ("sum", "the sum", "a + b"),
            ("s1", "one more than the sum", "a + b + 1"),
            ("2b", "the sum of the first and twice the second", "a + 2 * b"),
            ("m", "the sum modulo 10", "(a + b) % 10"),
        ),
        "w": table(
            "id rt what init jinit act jact ret",
            (
                "nth",
                "I",
                "the term with index $n, counting from 0",
                "last = 0",
                "long last = 0;",
                "last = b",
                "last = b;",
                "a",
            ),
            (
                "list",
                "LI",
                "a list of the first $n terms",
                "result = []",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.append(a)",
                "result.add(a);",
                "result",
            ),
            (
                "sum",
                "I",
                "the sum of the first $n terms",
                "total = 0",
                "long total = 0;",
                "total += a",
                "total += a;",
                "total",
            ),
        ),
    },
)


family(
    "factorial_like",
    parameters=[("n", "I")],
    result="I",
    inputs=[whole(1, 9)],
    texts=["Return the product of $what.", "Multiply together $what and return the product."],
    python="""
        result = 1
        for i in range($lo, $n + 1, $inc):
            result *= $e
        return result
    """,
    java="""
        long result = 1;
        for (long i = $lo; i <= $n; i += $inc) {
            result *= $e;
        }
        return result;
    """,
    variants={
        "v": table(
            "id what lo inc e",
            ("f", "all integers from 1 to $n", "1", "1", "i"),
            ("odd", "all odd integers from 1 to $n", "1", "2", "i"),
            ("even", "all even integers from 2 to $n", "2", "2", "i"),
            ("p1", "i + 1 for every i from 1 to $n", "1", "1", "(i + 1)"),
            ("2i", "2 * i - 1 for every i from 1 to $n", "1", "1", "(2 * i - 1)"),
            ("3", "every third integer starting with 1, up to $n", "1", "3", "i"),
        ),
    },
)


family(
    "collatz",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(1, 30)],
    texts=[
        (
            "Starting from $n, halve the number if it is even and replace it by $rule if it is odd, "
            "until it is 1. Return $what."
        ),
        (
            "Apply this step to $n until reaching 1: an even number is halved, an odd number becomes "
            "$rule. Return $what."
        ),
    ],
    python="""
        x = $n
        $init
        while x != 1:
            $pre
            if x % 2 == 0:
                x //= 2
            else:
                x = $e
            $act
        return result
    """,
    java="""
        long x = $n;
        $jinit
        while (x != 1) {
            $jpre
            if (x % 2 == 0) {
                x /= 2;
            } else {
                x = $e;
            }
            $jact
        }
        return result;
    """,
    variants={
        "r": table(
            "id rule e",
            ("3", "three times it plus one", "3 * x + 1"),
            ("1", "one more than it", "x + 1"),
            ("m", "one less than it", "x - 1"),
        ),
        "w": table(
            "id rt what init jinit pre jpre act jact",
            ("steps", "I", "the number of steps", "result = 0", "long result = 0;", "result += 1", "result++;", "", ""),
            (
                "max",
                "I",
                "the largest number reached, $n included",
                "result = x",
                "long result = x;",
                "result = max(result, x)",
                "result = Math.max(result, x);",
                "",
                "",
            ),
            (
                "list",
                "LI",
                "a list of the numbers reached, without $n itself",
                "result = []",
                "ArrayList<Long> result = new ArrayList<>();",
                "",
                "",
                "result.append(x)",
                "result.add(x);",
            ),
            (
                "sum",
                "I",
                "the sum of the numbers reached, without $n itself",
                "result = 0",
                "long result = 0;",
                "",
                "",
                "result += x",
                "result += x;",
            ),
        ),
    },
)


family(
    "perfect_number",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[perhaps_perfect],
    texts=["Return $what.", "Look at the proper divisors of $n (all divisors except $n itself). Return $what."],
    python="""
        total = 0
        for i in range(1, $n):
            if $n % i == 0:
                total += $e
        return $r
    """,
    java="""
        long total = 0;
        for (long i = 1; i < $n; i++) {
            if ($n % i == 0) {
                total += $e;
            }
        }
        return $r;
    """,
    variants={
        "v": table(
            "id rt what e r",
            ("s", "I", "the sum of the proper divisors of $n", "i", "total"),
            ("perf", "B", "whether $n is equal to the sum of its proper divisors", "i", "total == $n"),
            ("ab", "B", "whether the sum of the proper divisors of $n is greater than $n", "i", "total > $n"),
            ("def", "I", "$n minus the sum of its proper divisors", "i", "$n - total"),
            ("c", "I", "the number of proper divisors of $n", "1", "total"),
            ("sq", "I", "the sum of the squares of the proper divisors of $n", "i * i", "total"),
            ("abd", "B", "whether the sum of the proper divisors of $n is less than $n", "i", "total < $n"),
        ),
    },
)


family(
    "to_base",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(1, 200)],
    texts=["Return $what in base $base.", "Write $n in base $base. Return $what in that base."],
    python="""
        digits = ''
        x = $n
        while x > 0:
            digits = str(x % $base) + digits
            x //= $base
        return $r
    """,
    java="""
        String digits = "";
        long x = $n;
        while (x > 0) {
            digits = x % $base + digits;
            x /= $base;
        }
        return $jr;
    """,
    variants={
        "base": [2, 3, 4, 5, 6, 7, 8, 9],
        "w": table(
            "id rt what r jr",
            ("str", "S", "the digits of $n as a string", "digits", "digits"),
            ("len", "I", "the number of digits of $n", "len(digits)", "digits.length()"),
            (
                "ones",
                "I",
                "how many digits 1 $n has",
                "digits.count('1')",
                "digits.chars().filter(c -> c == '1').count()",
            ),
            (
                "pal",
                "B",
                "whether the digits of $n form a palindrome",
                "digits == digits[::-1]",
                "digits.equals(new StringBuilder(digits).reverse().toString())",
            ),
            (
                "rev",
                "S",
                "the reversed digits of $n as a string",
                "digits[::-1]",
                "new StringBuilder(digits).reverse().toString()",
            ),
        ),
    },
)


family(
    "from_base",
    parameters=[("s", "S")],
    result="I",
    inputs=[text_over("01", 1, 9)],
    texts=[
        "The string $s holds the digits of a number in base $base. Return $what.",
        "Given the base $base digits $s, return $what.",
    ],
    python="""
        result = 0
        for ch in $s:
            result = result * $base + int(ch)
        return result$e
    """,
    java="""
        long result = 0;
        for (char ch : $s.toCharArray()) {
            result = result * $base + (ch - '0');
        }
        return result$e;
    """,
    variants={
        "base": [2, 3, 4, 5, 7, 8],
        "v": table(
            "id what e",
            ("p", "the number", ""),
            ("p1", "the number plus 1", " + 1"),
            ("m7", "the number modulo 7", " % 7"),
            ("x2", "twice the number", " * 2"),
        ),
    },
)


family(
    "power",
    parameters=[("a1", "I"), ("k", "I")],
    result="I",
    inputs=[whole(1, 7), whole(0, 8)],
    texts=["Return $a1 raised to the power of $k$dw.", "Multiply $k copies of $a1 together and return the result$dw."],
    python="""
        result = 1
        for _ in range($k):
            result $e
        return result$f
    """,
    java="""
        long result = 1;
        for (int i = 0; i < $k; i++) {
            result $e;
        }
        return result$f;
    """,
    variants={
        "v": table(
            "id dw e f",
            ("p", "", "*= $a1", ""),
            ("m10", ", modulo 10", "= result * $a1 % 10", ""),
            ("m7", ", modulo 7", "= result * $a1 % 7", ""),
            ("p1", " plus 1", "*= $a1", " + 1"),
            ("m1", " minus 1", "*= $a1", " - 1"),
            ("m100", ", modulo 100", "= result * $a1 % 100", ""),
        ),
    },
)


family(
    "nth_root",
    parameters=[("n", "I")],
    result="I",
    inputs=[whole(0, 200)],
    texts=[
        "Return the $big integer whose $pw is $cmp $n.",
        "Find the $big integer x such that the $pw of x is $cmp $n, and return it.",
    ],
    python="""
        x = 0
        while $c:
            x += 1
        return x
    """,
    java="""
        long x = 0;
        while ($c) {
            x++;
        }
        return x;
    """,
    variants={
        "v": table(
            "id big pw cmp c",
            ("s1", "largest", "square", "at most", "(x + 1) * (x + 1) <= $n"),
            ("s2", "smallest non-negative", "square", "at least", "x * x < $n"),
            ("c1", "largest", "cube", "at most", "(x + 1) * (x + 1) * (x + 1) <= $n"),
            ("c2", "smallest non-negative", "cube", "at least", "x * x * x < $n"),
            ("s3", "smallest non-negative", "square", "greater than", "x * x <= $n"),
            ("c3", "smallest non-negative", "cube", "greater than", "x * x * x <= $n"),
        ),
    },
)


family(
    "triangle_kind",
    parameters=[("a1", "I"), ("k", "I"), ("kb", "I")],
    result="S",
    inputs=[whole(1, 6), whole(1, 6), whole(1, 6)],
    texts=[
        (
            "Three side lengths $a1, $k and $kb are given. Return '$bad' if they cannot form a "
            "triangle (two sides together must be longer than the third), otherwise '$eq' if all sides "
            "are equal, '$iso' if exactly two are equal, and '$sca' if all differ."
        )
    ],
    python="""
        if $a1 + $k <= $kb or $a1 + $kb <= $k or $k + $kb <= $a1:
            return '$bad'
        if $a1 == $k and $k == $kb:
            return '$eq'
        if $a1 == $k or $k == $kb or $a1 == $kb:
            return '$iso'
        return '$sca'
    """,
    java="""
        if ($a1 + $k <= $kb || $a1 + $kb <= $k || $k + $kb <= $a1) {
            return "$bad";
        }
        if ($a1 == $k && $k == $kb) {
            return "$eq";
        }
        if ($a1 == $k || $k == $kb || $a1 == $kb) {
            return "$iso";
        }
        return "$sca";
    """,
    variants={
        "bad": ["none", "invalid", "no"],
        "eq": ["equilateral", "all"],
        "iso": ["isosceles", "two"],
        "sca": ["scalene", "different"],
    },
)


family(
    "fizz",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(1, 16)],
    texts=[
        (
            "For the numbers from 1 to $n, use '$wa' for multiples of $a, '$wb' for multiples of $b, "
            "'$wa$wb' for multiples of both, and the number itself otherwise. Return $what."
        )
    ],
    python="""
        result = []
        for i in range(1, $n + 1):
            if i % $a == 0 and i % $b == 0:
                result.append('$wa$wb')
            elif i % $a == 0:
                result.append('$wa')
            elif i % $b == 0:
                result.append('$wb')
            else:
                result.append(str(i))
        return $r
    """,
    java="""
        ArrayList<String> result = new ArrayList<>();
        for (long i = 1; i <= $n; i++) {
            if (i % $a == 0 && i % $b == 0) {
                result.add("$wa$wb");
            } else if (i % $a == 0) {
                result.add("$wa");
            } else if (i % $b == 0) {
                result.add("$wb");
            } else {
                result.add(String.valueOf(i));
            }
        }
        return $jr;
    """,
    variants={
        "ab": table(
            "id a b",
            ("35", "3", "5"),
            ("23", "2", "3"),
            ("25", "2", "5"),
            ("34", "3", "4"),
            ("27", "2", "7"),
        ),
        "wa": ["fizz", "ping", "tick"],
        "wb": ["buzz", "pong", "tock"],
        "w": table(
            "id rt what r jr",
            ("l", "LS", "the list of these strings", "result", "result"),
            ("j", "S", "these joined by spaces", "' '.join(result)", 'String.join(" ", result)'),
        ),
    },
)


family(
    "sum_series",
    parameters=[("n", "I")],
    result="I",
    inputs=[whole(1, 30)],
    texts=[
        "Return the sum of $what for i from $lo to $n.",
        "Add up $what for every integer i from $lo to $n inclusive and return the total.",
    ],
    python="""
        total = 0
        for i in range($lo, $n + 1):
            total += $e
        return total
    """,
    java="""
        long total = 0;
        for (long i = $lo; i <= $n; i++) {
            total += $je;
        }
        return total;
    """,
    variants={
        "lo": [0, 1, 2, 3],
        "v": table(
            "id what e je",
            ("sq", "i squared", "i * i", "i * i"),
            ("cu", "i cubed", "i * i * i", "i * i * i"),
            ("p", "i times (i + 1)", "i * (i + 1)", "i * (i + 1)"),
            ("q", "2 * i + 1", "2 * i + 1", "2 * i + 1"),
            ("h", "i divided by 2, rounded down,", "i // 2", "i / 2"),
            ("m", "the remainder of i divided by 4", "i % 4", "i % 4"),
            ("a", "i if i is even and -i if i is odd", "i if i % 2 == 0 else -i", "i % 2 == 0 ? i : -i"),
            ("t", "i squared minus i", "i * i - i", "i * i - i"),
            ("l", "the last digit of i", "i % 10", "i % 10"),
            ("x", "the last digit of i squared", "i * i % 10", "i * i % 10"),
        ),
    },
)


family(
    "count_range_digits",
    parameters=[("n", "I")],
    result="I",
    inputs=[whole(1, 130)],
    texts=[
        "Return how many times the digit $k appears in the numbers from $lo to $n.",
        "Write down all integers from $lo to $n. Return how often the digit $k was written.",
    ],
    python="""
        count = 0
        for i in range($lo, $n + 1):
            count += str(i).count('$k')
        return count
    """,
    java="""
        long count = 0;
        for (long i = $lo; i <= $n; i++) {
            count += String.valueOf(i).chars().filter(c -> c == '$k').count();
        }
        return count;
    """,
    variants={
        "k": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "lo": [1, 5, 10],
    },
)


family(
    "time_format",
    parameters=[("n", "I")],
    result="S",
    inputs=[whole(0, 500)],
    texts=[
        "$n is a number of $unit. Return it as a string of the form '$form', where $desc.",
        "Convert $n $unit to a string of the form '$form', in which $desc.",
    ],
    python="""
        a = $n // $base
        b = $n % $base
        return $py
    """,
    java="""
        long a = $n / $base;
        long b = $n % $base;
        return $ja;
    """,
    variants={
        "u": table(
            "id unit base desc",
            ("m", "minutes", "60", "a is the number of full hours and b the number of remaining minutes"),
            ("d", "days", "7", "a is the number of full weeks and b the number of remaining days"),
            ("c", "cents", "100", "a is the number of full dollars and b the number of remaining cents"),
            ("o", "ounces", "16", "a is the number of full pounds and b the number of remaining ounces"),
            ("i", "inches", "12", "a is the number of full feet and b the number of remaining inches"),
        ),
        "f": table(
            "id form py ja",
            ("c", "a:b", "str(a) + ':' + str(b)", 'a + ":" + b'),
            ("s", "a b", "str(a) + ' ' + str(b)", 'a + " " + b'),
            ("p", "a+b", "str(a) + '+' + str(b)", 'a + "+" + b'),
            ("r", "b/a", "str(b) + '/' + str(a)", 'b + "/" + a'),
            ("sl", "a/b", "str(a) + '/' + str(b)", 'a + "/" + b'),
        ),
    },
)


family(
    "grade",
    parameters=[("n", "I")],
    result="S",
    inputs=[whole(0, 100)],
    texts=[
        ("Return '$a' if $n is at least $hi, '$b' if it is at least $lo but less than $hi, and '$c' " "otherwise."),
        (
            "Classify the score $n: '$c' below $lo, '$b' from $lo up to but not including $hi, and "
            "'$a' from $hi on. Return the class."
        ),
    ],
    python="""
        if $n >= $hi:
            return '$a'
        if $n >= $lo:
            return '$b'
        return '$c'
    """,
    java="""
        if ($n >= $hi) {
            return "$a";
        }
        if ($n >= $lo) {
            return "$b";
        }
        return "$c";
    """,
    variants={
        "w": table(
            "id a b c",
            ("abc", "A", "B", "C"),
            ("hml", "high", "medium", "low"),
            ("gof", "good", "ok", "fail"),
            ("lms", "large", "middle", "small"),
        ),
        "hi": [70, 75, 80, 85, 90],
        "lo": [30, 40, 50, 60],
    },
)


family(
    "bits_list",
    parameters=[("n", "I")],
    result="$rt",
    inputs=[whole(0, 300)],
    texts=["Return $what in the binary form of $n.", "Write $n in binary. Return $what in it."],
    python="""
        bits = bin($n)[2:]
        $py
    """,
    java="""
        String bits = Long.toBinaryString($n);
        $ja
    """,
    variants={
        "v": table(
            "id rt what py ja",
            (
                "run1",
                "I",
                "the length of the longest run of ones",
                ("best = 0\n" "for part in bits.split('0'):\n" "    best = max(best, len(part))\n" "return best"),
                (
                    "long best = 0;\n"
                    'for (String part : bits.split("0")) {\n'
                    "    best = Math.max(best, part.length());\n"
                    "}\n"
                    "return best;"
                ),
            ),
            (
                "c0",
                "I",
                "the number of zeros",
                "return bits.count('0')",
                "return bits.chars().filter(c -> c == '0').count();",
            ),
            (
                "c1",
                "I",
                "the number of ones",
                "return bits.count('1')",
                "return bits.chars().filter(c -> c == '1').count();",
            ),
            (
                "d",
                "I",
                "the number of ones minus the number of zeros",
                "return bits.count('1') - bits.count('0')",
                "return bits.chars().filter(c -> c == '1').count() - bits.chars().filter(c -> c == '0').count();",
            ),
            (
                "tr",
                "I",
                "the index, counted from the left, of the last one (-1 if there is none)",
                "return bits.rfind('1')",
                "return bits.lastIndexOf('1');",
            ),
            (
                "e",
                "B",
                "whether there is an even number of ones",
                "return bits.count('1') % 2 == 0",
                "return bits.chars().filter(c -> c == '1').count() % 2 == 0;",
            ),
            (
                "pal",
                "B",
                "whether the digits are the same in both directions",
                "return bits == bits[::-1]",
                "return bits.equals(new StringBuilder(bits).reverse().toString());",
            ),
        ),
    },
)


family(
    "pattern_rows",
    parameters=[("n", "I")],
    result="LS",
    inputs=[whole(0, 6)],
    texts=[
        "Return a list of $n strings; the string number i (counting from 1) $what.",
        "Build $n lines of text, where line i (starting with 1) $what. Return the list of lines.",
    ],
    python="""
        result = []
        for i in range(1, $n + 1):
            result.append($py)
        return result
    """,
    java="""
        ArrayList<String> result = new ArrayList<>();
        for (int i = 1; i <= $n; i++) {
            result.add($ja);
        }
        return result;
    """,
    variants={
        "c": ["*", "#", "x", "o"],
        "v": table(
            "id what py ja",
            ("tri", "consists of i characters '$c'", "'$c' * i", '"$c".repeat(i)'),
            ("inv", "consists of $n - i + 1 characters '$c'", "'$c' * ($n - i + 1)", '"$c".repeat((int) $n - i + 1)'),
            (
                "sp",
                "consists of $n - i spaces followed by i characters '$c'",
                "' ' * ($n - i) + '$c' * i",
                '" ".repeat((int) $n - i) + "$c".repeat(i)',
            ),
            (
                "num",
                "consists of the number i followed by i characters '$c'",
                "str(i) + '$c' * i",
                'i + "$c".repeat(i)',
            ),
            ("odd", "consists of 2 * i - 1 characters '$c'", "'$c' * (2 * i - 1)", '"$c".repeat(2 * i - 1)'),
            ("fr", "consists of i characters '-' followed by one '$c'", "'-' * i + '$c'", '"-".repeat(i) + "$c"'),
        ),
    },
)
