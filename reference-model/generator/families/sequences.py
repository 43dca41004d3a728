"""Families over lists of integers."""

from generator.families.family import family, table
from generator.inputs import (
    digits_list,
    integers,
    integers_between,
    perhaps_balanced,
    perhaps_sorted,
    positive_integers,
    some_integers,
    whole,
)

family(
    "second_extreme",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[integers],
    texts=[
        "Return the $ord $kind distinct value in $xs, or $d if there are fewer than $k distinct values.",
        "Among the different values in $xs, return the $ord $kind one; return $d if there is none.",
    ],
    python="""
        result = sorted(set($xs)$rev)
        if len(result) < $k:
            return $d
        return result[$k - 1]
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>(new HashSet<>($xs));
        Collections.sort(result$jrev);
        if (result.size() < $k) {
            return $d;
        }
        return result.get($k - 1);
    """,
    variants={
        "o": table(
            "id ord k",
            ("2", "second", "2"),
            ("3", "third", "3"),
        ),
        "s": table(
            "id kind rev jrev",
            ("big", "largest", ", reverse=True", ", Collections.reverseOrder()"),
            ("small", "smallest", "", ""),
        ),
        "d": [-1, 0, 100, -100],
    },
)


family(
    "max_subarray",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[some_integers],
    texts=[
        "Return the $kind sum of a contiguous non-empty part of $xs$extra.",
        "Among all non-empty contiguous sublists of $xs, find the $kind sum and return it$extra.",
    ],
    python="""
        best = $xs[0]
        cur = 0
        for x in $xs:
            cur = $f(cur + x, x)
            best = $f(best, cur)
        return best$e
    """,
    java="""
        long best = $xs.get(0);
        long cur = 0;
        for (long x : $xs) {
            cur = Math.$f(cur + x, x);
            best = Math.$f(best, cur);
        }
        return best$je;
    """,
    variants={
        "v": table(
            "id kind f",
            ("max", "largest", "max"),
            ("min", "smallest", "min"),
        ),
        "e": table(
            "id extra e je",
            ("", "", "", ""),
            ("x2", ", multiplied by 2", " * 2", " * 2"),
            ("neg1", " minus 1", " - 1", " - 1"),
            ("len", ", plus the length of $xs", " + len($xs)", " + $xs.size()"),
        ),
    },
)


family(
    "longest_run",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[integers_between(1, 6, 0, 9)],
    texts=[
        "Return the length of the longest run of consecutive elements of $xs in which $what.",
        "Find the longest stretch of neighbouring elements of $xs such that $what, and return its length.",
    ],
    python="""
        best = 0
        cur = 0
        for i in range(len($xs)):
            if i > 0 and $py:
                cur += 1
            else:
                cur = 1
            best = max(best, cur)
        return best
    """,
    java="""
        long best = 0;
        long cur = 0;
        for (int i = 0; i < $xs.size(); i++) {
            if (i > 0 && $ja) {
                cur++;
            } else {
                cur = 1;
            }
            best = Math.max(best, cur);
        }
        return best;
    """,
    weight=2,
    variants={
        "v": table(
            "id what py ja",
            (
                "inc",
                "each element is greater than the one before",
                "$xs[i] > $xs[i - 1]",
                "$xs.get(i) > $xs.get(i - 1)",
            ),
            ("dec", "each element is less than the one before", "$xs[i] < $xs[i - 1]", "$xs.get(i) < $xs.get(i - 1)"),
            ("eq", "all elements are equal", "$xs[i] == $xs[i - 1]", "$xs.get(i).equals($xs.get(i - 1))"),
            ("nd", "no element is less than the one before", "$xs[i] >= $xs[i - 1]", "$xs.get(i) >= $xs.get(i - 1)"),
            ("ni", "no element is greater than the one before", "$xs[i] <= $xs[i - 1]", "$xs.get(i) <= $xs.get(i - 1)"),
            (
                "step",
                "each element is exactly one more than the one before",
                "$xs[i] == $xs[i - 1] + 1",
                "$xs.get(i) == $xs.get(i - 1) + 1",
            ),
            (
                "par",
                "neighbouring elements differ in parity",
                "($xs[i] + $xs[i - 1]) % 2 != 0",
                "($xs.get(i) + $xs.get(i - 1)) % 2 != 0",
            ),
        ),
    },
)


family(
    "run_where",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[integers],
    texts=[
        "Return the length of the longest run of consecutive elements of $xs that $what.",
        "How long is the longest block of neighbouring elements of $xs that $what? Return its length.",
    ],
    python="""
        best = 0
        cur = 0
        for x in $xs:
            if $c:
                cur += 1
                best = max(best, cur)
            else:
                cur = 0
        return best
    """,
    java="""
        long best = 0;
        long cur = 0;
        for (long x : $xs) {
            if ($c) {
                cur++;
                best = Math.max(best, cur);
            } else {
                cur = 0;
            }
        }
        return best;
    """,
    variants={
        "v": table(
            "id what c",
            ("even", "are even", "x % 2 == 0"),
            ("odd", "are odd", "x % 2 != 0"),
            ("pos", "are positive", "x > 0"),
            ("neg", "are negative", "x < 0"),
            ("gt10", "are greater than 10", "x > 10"),
            ("lt20", "are less than 20", "x < 20"),
            ("d3", "are divisible by 3", "x % 3 == 0"),
            ("nd3", "are not divisible by 3", "x % 3 != 0"),
        ),
    },
)


family(
    "is_sorted",
    parameters=[("xs", "LI")],
    result="B",
    inputs=[perhaps_sorted],
    texts=["Return True if $what, and False otherwise.", "Check whether $what."],
    python="""
        for i in range(len($xs) - 1):
            if not ($py):
                return False
        return True
    """,
    java="""
        for (int i = 0; i + 1 < $xs.size(); i++) {
            if (!($ja)) {
                return false;
            }
        }
        return true;
    """,
    variants={
        "v": table(
            "id what py ja",
            (
                "a",
                "$xs is in ascending order (equal neighbours are allowed)",
                "$xs[i] <= $xs[i + 1]",
                "$xs.get(i) <= $xs.get(i + 1)",
            ),
            ("sa", "$xs is strictly increasing", "$xs[i] < $xs[i + 1]", "$xs.get(i) < $xs.get(i + 1)"),
            (
                "d",
                "$xs is in descending order (equal neighbours are allowed)",
                "$xs[i] >= $xs[i + 1]",
                "$xs.get(i) >= $xs.get(i + 1)",
            ),
            ("sd", "$xs is strictly decreasing", "$xs[i] > $xs[i + 1]", "$xs.get(i) > $xs.get(i + 1)"),
            (
                "nd",
                "no two neighbouring elements of $xs are equal",
                "$xs[i] != $xs[i + 1]",
                "!$xs.get(i).equals($xs.get(i + 1))",
            ),
        ),
    },
)


family(
    "two_sum",
    parameters=[("xs", "LI"), ("k", "I")],
    result="$rt",
    inputs=[digits_list, whole(2, 12)],
    texts=[
        "Return $what two elements of $xs at different positions $cond.",
        "Look at all pairs of elements of $xs at different positions. Return $what two elements $cond.",
    ],
    python="""
        $init
        for i in range(len($xs)):
            for j in range(i + 1, len($xs)):
                if $py:
                    $act
        return $ret
    """,
    java="""
        $jinit
        for (int i = 0; i < $xs.size(); i++) {
            for (int j = i + 1; j < $xs.size(); j++) {
                if ($ja) {
                    $jact
                }
            }
        }
        return $jret;
    """,
    weight=2,
    variants={
        "w": table(
            "id rt what init jinit act jact ret jret",
            (
                "any",
                "B",
                "whether there are",
                "found = False",
                "boolean found = false;",
                "found = True",
                "found = true;",
                "found",
                "found",
            ),
            (
                "cnt",
                "I",
                "the number of ways to choose",
                "count = 0",
                "long count = 0;",
                "count += 1",
                "count++;",
                "count",
                "count",
            ),
            (
                "sumidx",
                "I",
                "the smallest sum of the indices (or -1 if there is none) of",
                "best = -1",
                "long best = -1;",
                ("if best == -1 or i + j < best:\n" "                best = i + j"),
                ("if (best == -1 || i + j < best) {\n" "                best = i + j;\n" "            }"),
                "best",
                "best",
            ),
        ),
        "c": table(
            "id cond py ja",
            ("sum", "whose sum is $k", "$xs[i] + $xs[j] == $k", "$xs.get(i) + $xs.get(j) == $k"),
            (
                "diff",
                "whose absolute difference is $k",
                "abs($xs[i] - $xs[j]) == $k",
                "Math.abs($xs.get(i) - $xs.get(j)) == $k",
            ),
            ("prod", "whose product is $k", "$xs[i] * $xs[j] == $k", "$xs.get(i) * $xs.get(j) == $k"),
            ("gt", "whose sum is greater than $k", "$xs[i] + $xs[j] > $k", "$xs.get(i) + $xs.get(j) > $k"),
            (
                "div",
                "whose sum is divisible by $k",
                "($xs[i] + $xs[j]) % $k == 0",
                "($xs.get(i) + $xs.get(j)) % $k == 0",
            ),
        ),
    },
)


family(
    "rotate",
    parameters=[("xs", "LI"), ("k", "I")],
    result="LI",
    inputs=[integers, whole(0, 9)],
    texts=[
        "Return $xs rotated to the $dir by $k positions$extra.",
        "Rotate the list $xs by $k places to the $dir and return the new list$extra.",
    ],
    python="""
        if not $xs:
            return []
        shift = $k % len($xs)
        $py
        return result
    """,
    java="""
        if ($xs.isEmpty()) {
            return new ArrayList<>();
        }
        int shift = (int) ($k % $xs.size());
        $ja
        return result;
    """,
    variants={
        "v": table(
            "id dir py ja extra",
            (
                "l",
                "left",
                "result = $xs[shift:] + $xs[:shift]",
                ("ArrayList<Long> result = new ArrayList<>($xs);\n" "Collections.rotate(result, -shift);"),
                "",
            ),
            (
                "r",
                "right",
                "result = $xs[-shift:] + $xs[:-shift] if shift else $xs[:]",
                ("ArrayList<Long> result = new ArrayList<>($xs);\n" "Collections.rotate(result, shift);"),
                "",
            ),
            (
                "lr",
                "left",
                "result = ($xs[shift:] + $xs[:shift])[::-1]",
                (
                    "ArrayList<Long> result = new ArrayList<>($xs);\n"
                    "Collections.rotate(result, -shift);\n"
                    "Collections.reverse(result);"
                ),
                ", reversed",
            ),
        ),
    },
)


family(
    "chunks",
    parameters=[("xs", "LI")],
    result="$rt",
    inputs=[integers],
    texts=[
        ("Split $xs into consecutive groups of $k elements (the last group may be shorter) and " "return $what."),
        "Cut $xs into blocks of $k elements; the last block may have fewer. Return $what.",
    ],
    python="""
        result = []
        for i in range(0, len($xs), $k):
            part = $xs[i:i + $k]
            result.append($py)
        return result
    """,
    java="""
        $jt result = new ArrayList<>();
        for (int i = 0; i < $xs.size(); i += $k) {
            ArrayList<Long> part = new ArrayList<>($xs.subList(i, Math.min(i + $k, $xs.size())));
            result.add($ja);
        }
        return result;
    """,
    variants={
        "k": [2, 3, 4],
        "v": table(
            "id rt jt what py ja",
            ("g", "LLI", "ArrayList<ArrayList<Long>>", "the list of groups", "part", "part"),
            (
                "s",
                "LI",
                "ArrayList<Long>",
                "the list of the sums of the groups",
                "sum(part)",
                "part.stream().mapToLong(y -> y).sum()",
            ),
            (
                "m",
                "LI",
                "ArrayList<Long>",
                "the list of the maximums of the groups",
                "max(part)",
                "Collections.max(part)",
            ),
            (
                "mi",
                "LI",
                "ArrayList<Long>",
                "the list of the minimums of the groups",
                "min(part)",
                "Collections.min(part)",
            ),
            ("f", "LI", "ArrayList<Long>", "the list of the first elements of the groups", "part[0]", "part.get(0)"),
            (
                "sp",
                "LI",
                "ArrayList<Long>",
                "the list of the differences between the largest and smallest element of each group",
                "max(part) - min(part)",
                "Collections.max(part) - Collections.min(part)",
            ),
        ),
    },
)


family(
    "every_kth",
    parameters=[("xs", "LI")],
    result="$rt",
    inputs=[integers],
    texts=[
        "Return $what every $kw element of $xs, starting with $st.",
        "Take every $kw element of $xs, beginning with $st, and return $what them.",
    ],
    python="""
        $py
    """,
    java="""
        $jinit
        for (int i = $s0; i < $xs.size(); i += $k) {
            $jact
        }
        return result;
    """,
    variants={
        "k": table(
            "id k kw",
            ("2", "2", "second"),
            ("3", "3", "third"),
            ("4", "4", "fourth"),
        ),
        "s": table(
            "id s0 st",
            ("0", "0", "the first"),
            ("1", "1", "the second"),
            ("2", "2", "the third"),
        ),
        "w": table(
            "id rt what py jinit jact",
            (
                "l",
                "LI",
                "a list of",
                "return $xs[$s0::$k]",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add($xs.get(i));",
            ),
            ("s", "I", "the sum of", "return sum($xs[$s0::$k])", "long result = 0;", "result += $xs.get(i);"),
            (
                "sq",
                "I",
                "the sum of the squares of",
                "return sum(y * y for y in $xs[$s0::$k])",
                "long result = 0;",
                "result += $xs.get(i) * $xs.get(i);",
            ),
        ),
    },
)


family(
    "interleave",
    parameters=[("xs", "LI"), ("ys", "LI")],
    result="LI",
    inputs=[integers, integers],
    texts=[
        "Return a list that takes elements alternately from $xs and $ys, starting with $first; $tail.",
        "Interleave the lists $xs and $ys, beginning with $first; $tail. Return the new list.",
    ],
    python="""
        result = []
        for i in range($py($la, $lb)):
        ${p1}${p2}return result
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>();
        for (int i = 0; i < Math.$py($xs.size(), $ys.size()); i++) {
        ${j1}${j2}}
        return result;
    """,
    variants={
        "v": table(
            "id py tail p1 p2 j1 j2 first la lb",
            (
                "mx",
                "min",
                "stop when one of them runs out",
                ("    result.append($xs[i])\n"),
                ("    result.append($ys[i])\n"),
                ("    result.add($xs.get(i));\n"),
                ("    result.add($ys.get(i));\n"),
                "$xs",
                "len($xs)",
                "len($ys)",
            ),
            (
                "my",
                "min",
                "stop when one of them runs out",
                ("    result.append($ys[i])\n"),
                ("    result.append($xs[i])\n"),
                ("    result.add($ys.get(i));\n"),
                ("    result.add($xs.get(i));\n"),
                "$ys",
                "len($xs)",
                "len($ys)",
            ),
            (
                "ax",
                "max",
                "when one runs out, go on with the other",
                ("    if i < len($xs):\n" "        result.append($xs[i])\n"),
                ("    if i < len($ys):\n" "        result.append($ys[i])\n"),
                ("    if (i < $xs.size()) {\n" "        result.add($xs.get(i));\n" "    }\n"),
                ("    if (i < $ys.size()) {\n" "        result.add($ys.get(i));\n" "    }\n"),
                "$xs",
                "len($xs)",
                "len($ys)",
            ),
            (
                "ay",
                "max",
                "when one runs out, go on with the other",
                ("    if i < len($ys):\n" "        result.append($ys[i])\n"),
                ("    if i < len($xs):\n" "        result.append($xs[i])\n"),
                ("    if (i < $ys.size()) {\n" "        result.add($ys.get(i));\n" "    }\n"),
                ("    if (i < $xs.size()) {\n" "        result.add($xs.get(i));\n" "    }\n"),
                "$ys",
                "len($xs)",
                "len($ys)",
            ),
        ),
    },
)


family(
    "common",
    parameters=[("xs", "LI"), ("ys", "LI")],
    result="$rt",
    inputs=[digits_list, digits_list],
    texts=[
        "Return $what the distinct elements that $which.",
        "Find the different values that $which. Return $what them.",
    ],
    python="""
        $py
        return $r
    """,
    java="""
        $ja
        $jr
    """,
    weight=2,
    variants={
        "o": table(
            "id which py ja",
            (
                "and",
                "are in both $xs and $ys",
                "found = set($xs) & set($ys)",
                ("TreeSet<Long> found = new TreeSet<>($xs);\n" "found.retainAll($ys);"),
            ),
            (
                "or",
                "are in $xs or in $ys",
                "found = set($xs) | set($ys)",
                ("TreeSet<Long> found = new TreeSet<>($xs);\n" "found.addAll($ys);"),
            ),
            (
                "minus",
                "are in $xs but not in $ys",
                "found = set($xs) - set($ys)",
                ("TreeSet<Long> found = new TreeSet<>($xs);\n" "found.removeAll($ys);"),
            ),
            (
                "rm",
                "are in $ys but not in $xs",
                "found = set($ys) - set($xs)",
                ("TreeSet<Long> found = new TreeSet<>($ys);\n" "found.removeAll($xs);"),
            ),
        ),
        "w": table(
            "id rt what r jr",
            ("l", "LI", "a sorted list of", "sorted(found)", "return new ArrayList<>(found);"),
            ("c", "I", "the number of", "len(found)", "return found.size();"),
            ("s", "I", "the sum of", "sum(found)", "return found.stream().mapToLong(y -> y).sum();"),
            (
                "d",
                "LI",
                "a list, from largest to smallest, of",
                "sorted(found, reverse=True)",
                "return new ArrayList<>(found.descendingSet());",
            ),
            ("e", "B", "whether there are no such values when looking for", "not found", "return found.isEmpty();"),
        ),
    },
)


family(
    "most_frequent",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[digits_list],
    texts=[
        (
            "Return the element of $xs that occurs $kind often; on ties return the $tie such element. "
            "Return $d for an empty list."
        ),
        (
            "Find the value with the $kind2 number of occurrences in $xs (the $tie one on ties) and "
            "return it, or $d if $xs is empty."
        ),
    ],
    python="""
        if not $xs:
            return $d
        counts = {}
        for x in $xs:
            counts[x] = counts.get(x, 0) + 1
        best = None
        for x in sorted(counts$rev):
            if best is None or counts[x] $op counts[best]:
                best = x
        return best
    """,
    java="""
        if ($xs.isEmpty()) {
            return $d;
        }
        TreeMap<Long, Long> counts = new TreeMap<>($jrev);
        for (long x : $xs) {
            counts.merge(x, 1L, Long::sum);
        }
        Long best = null;
        for (long x : counts.keySet()) {
            if (best == null || counts.get(x) $op counts.get(best)) {
                best = x;
            }
        }
        return best;
    """,
    variants={
        "k": table(
            "id kind kind2 op",
            ("m", "most", "largest", ">"),
            ("l", "least", "smallest", "<"),
        ),
        "t": table(
            "id tie rev jrev",
            ("s", "smallest", "", ""),
            ("b", "largest", ", reverse=True", "Collections.reverseOrder()"),
        ),
        "d": [-1, 0],
    },
)


family(
    "clamp_list",
    parameters=[("xs", "LI"), ("k", "I"), ("kb", "I")],
    result="LI",
    inputs=[integers, whole(-5, 8), whole(9, 30)],
    texts=["Return a copy of $xs in which $what.", "Make a new list from $xs in which $what, and return it."],
    python="""
        result = []
        for x in $xs:
            $py
        return result
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>();
        for (long x : $xs) {
            $ja
        }
        return result;
    """,
    weight=2,
    variants={
        "v": table(
            "id what py ja",
            (
                "clamp",
                "values below $k are replaced by $k and values above $kb by $kb",
                "result.append(max($k, min($kb, x)))",
                "result.add(Math.max($k, Math.min($kb, x)));",
            ),
            (
                "rep",
                "every value equal to $k is replaced by $kb",
                "result.append($kb if x == $k else x)",
                "result.add(x == $k ? $kb : x);",
            ),
            (
                "zero",
                "values between $k and $kb inclusive are kept and all others are replaced by 0",
                "result.append(x if $k <= x <= $kb else 0)",
                "result.add(x >= $k && x <= $kb ? x : 0);",
            ),
            (
                "lin",
                "each value is multiplied by $k and then increased by $kb",
                "result.append(x * $k + $kb)",
                "result.add(x * $k + $kb);",
            ),
            (
                "ins",
                "$kb is inserted after every value that is greater than $k",
                ("result.append(x)\n" "    if x > $k:\n" "        result.append($kb)"),
                ("result.add(x);\n" "    if (x > $k) {\n" "        result.add($kb);\n" "    }"),
            ),
            (
                "swap",
                "the values $k and $kb are exchanged for each other",
                "result.append($kb if x == $k else $k if x == $kb else x)",
                "result.add(x == $k ? $kb : x == $kb ? $k : x);",
            ),
        ),
    },
)


family(
    "index_of",
    parameters=[("xs", "LI"), ("k", "I")],
    result="I",
    inputs=[digits_list, whole(0, 9)],
    texts=[
        "Return the index of the $ord element of $xs that is $what $k, or -1 if there is none.",
        (
            "Find the $ord position in $xs whose element is $what $k and return it; return -1 if there "
            "is no such position."
        ),
    ],
    python="""
        $init
        for i in range(len($xs)):
            if $xs[i] $op $k:
                $act
        return $r
    """,
    java="""
        $jinit
        for (int i = 0; i < $xs.size(); i++) {
            if ($xs.get(i) $op $k) {
                $jact
            }
        }
        return $r;
    """,
    variants={
        "o": table(
            "id ord init jinit act jact r",
            ("l", "last", "result = -1", "long result = -1;", "result = i", "result = i;", "result"),
            ("f", "first", "count = 0", "long count = 0;", "return i", "return i;", "-1"),
            (
                "s",
                "second",
                "count = 0",
                "long count = 0;",
                ("count += 1\n" "        if count == 2:\n" "            return i"),
                ("count++;\n" "        if (count == 2) {\n" "            return i;\n" "        }"),
                "-1",
            ),
        ),
        "c": table(
            "id what op",
            ("eq", "equal to", "=="),
            ("gt", "greater than", ">"),
            ("lt", "less than", "<"),
            ("ge", "at least", ">="),
            ("ne", "different from", "!="),
        ),
    },
)


family(
    "equilibrium",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[perhaps_balanced],
    texts=[
        (
            "Return the $ord index i such that the sum of the elements of $xs before i $cmp the sum of "
            "the elements after i, or -1 if there is none."
        ),
        (
            "Find the $ord position in $xs where the sum of everything to its left $cmp the sum of "
            "everything to its right. Return the position, or -1 if there is none."
        ),
    ],
    python="""
        result = -1
        for i in range(len($xs)):
            if sum($xs[:i]) $op sum($xs[i + 1:])$g:
                result = i
        return result
    """,
    java="""
        long result = -1;
        for (int i = 0; i < $xs.size(); i++) {
            long before = 0;
            for (int j = 0; j < i; j++) {
                before += $xs.get(j);
            }
            long after = 0;
            for (int j = i + 1; j < $xs.size(); j++) {
                after += $xs.get(j);
            }
            if (before $op after$jg) {
                result = i;
            }
        }
        return result;
    """,
    variants={
        "o": table(
            "id ord g jg",
            ("f", "first", " and result == -1", " && result == -1"),
            ("l", "last", "", ""),
        ),
        "c": table(
            "id cmp op",
            ("eq", "equals", "=="),
            ("gt", "is greater than", ">"),
            ("lt", "is less than", "<"),
        ),
    },
)


family(
    "majority",
    parameters=[("xs", "LI")],
    result="B",
    inputs=[integers_between(0, 3, 0, 7)],
    texts=["Return True if $what in $xs, and False otherwise.", "Check whether $what in $xs."],
    python="""
        for x in $xs:
            if $py:
                return True
        return False
    """,
    java="""
        for (long x : $xs) {
            if ($ja) {
                return true;
            }
        }
        return false;
    """,
    variants={
        "v": table(
            "id what py ja",
            (
                "maj",
                "some value makes up more than half of the elements",
                "2 * $xs.count(x) > len($xs)",
                "2 * Collections.frequency($xs, x) > $xs.size()",
            ),
            ("dup", "some value occurs more than once", "$xs.count(x) > 1", "Collections.frequency($xs, x) > 1"),
            (
                "trip",
                "some value occurs at least three times",
                "$xs.count(x) >= 3",
                "Collections.frequency($xs, x) >= 3",
            ),
            (
                "self",
                "some value occurs exactly as often as its own value",
                "$xs.count(x) == x",
                "Collections.frequency($xs, x) == x",
            ),
            ("one", "some value occurs exactly once", "$xs.count(x) == 1", "Collections.frequency($xs, x) == 1"),
            (
                "half",
                "some value makes up exactly half of the elements",
                "2 * $xs.count(x) == len($xs)",
                "2 * Collections.frequency($xs, x) == $xs.size()",
            ),
        ),
    },
)


family(
    "running_diff",
    parameters=[("xs", "LI")],
    result="LI",
    inputs=[integers],
    texts=[
        "Return a list whose element at each index is $what.",
        "For each position of $xs compute $what. Return the list of these values.",
    ],
    python="""
        result = []
        for i in range($lo, len($xs)):
            result.append($py)
        return result
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>();
        for (int i = $lo; i < $xs.size(); i++) {
            result.add($ja);
        }
        return result;
    """,
    variants={
        "v": table(
            "id what lo py ja",
            (
                "cyc",
                "the element of $xs there plus the next one, where the first element follows the last",
                "0",
                "$xs[i] + $xs[(i + 1) % len($xs)]",
                "$xs.get(i) + $xs.get((i + 1) % $xs.size())",
            ),
            (
                "cycd",
                "the next element of $xs minus the element there, where the first element follows the last",
                "0",
                "$xs[(i + 1) % len($xs)] - $xs[i]",
                "$xs.get((i + 1) % $xs.size()) - $xs.get(i)",
            ),
            (
                "mir",
                "the sum of the element of $xs there and the element at the mirrored index counted from the end",
                "0",
                "$xs[i] + $xs[-1 - i]",
                "$xs.get(i) + $xs.get($xs.size() - 1 - i)",
            ),
            (
                "mird",
                "the element of $xs there minus the element at the mirrored index counted from the end",
                "0",
                "$xs[i] - $xs[-1 - i]",
                "$xs.get(i) - $xs.get($xs.size() - 1 - i)",
            ),
            (
                "maxm",
                (
                    "the larger of the element of $xs there and the element at the mirrored index counted from "
                    "the end"
                ),
                "0",
                "max($xs[i], $xs[-1 - i])",
                "Math.max($xs.get(i), $xs.get($xs.size() - 1 - i))",
            ),
            (
                "rem",
                "the sum of all other elements of $xs",
                "0",
                "sum($xs) - $xs[i]",
                "$xs.stream().mapToLong(y -> y).sum() - $xs.get(i)",
            ),
        ),
    },
)


family(
    "ranks",
    parameters=[("xs", "LI")],
    result="LI",
    inputs=[digits_list],
    texts=["Return a list that gives, for each element of $xs, the number of elements $where that $what it."],
    python="""
        result = []
        for i in range(len($xs)):
            count = 0
            for j in range($lo, $hi):
                if $xs[j] $op $xs[i]:
                    count += 1
            result.append(count)
        return result
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>();
        for (int i = 0; i < $xs.size(); i++) {
            long count = 0;
            for (int j = $lo; j < $jhi; j++) {
                if ($jc) {
                    count++;
                }
            }
            result.add(count);
        }
        return result;
    """,
    variants={
        "c": table(
            "id what op jc",
            ("lt", "are smaller than", "<", "$xs.get(j) < $xs.get(i)"),
            ("gt", "are greater than", ">", "$xs.get(j) > $xs.get(i)"),
            ("eq", "are equal to", "==", "$xs.get(j).equals($xs.get(i))"),
        ),
        "w": table(
            "id where lo hi jhi",
            ("all", "of the whole list", "0", "len($xs)", "$xs.size()"),
            ("bef", "before it", "0", "i", "i"),
            ("aft", "after it", "i + 1", "len($xs)", "$xs.size()"),
        ),
    },
)


family(
    "stock",
    parameters=[("xs", "LI")],
    result="I",
    inputs=[positive_integers],
    texts=[
        "$xs holds the prices of a share on consecutive days. Return $what.",
        "Given daily prices $xs, return $what.",
    ],
    python="""
        best = 0
        for i in range(len($xs)):
            for j in range(i + 1, len($xs)):
                best = max(best, $py)
        return best
    """,
    java="""
        long best = 0;
        for (int i = 0; i < $xs.size(); i++) {
            for (int j = i + 1; j < $xs.size(); j++) {
                best = Math.max(best, $ja);
            }
        }
        return best;
    """,
    variants={
        "v": table(
            "id what py ja",
            (
                "buy",
                (
                    "the greatest profit from buying on one day and selling on a later day, or 0 if no profit "
                    "is possible"
                ),
                "$xs[j] - $xs[i]",
                "$xs.get(j) - $xs.get(i)",
            ),
            (
                "drop",
                "the greatest fall of the price from one day to a later day, or 0 if it never falls",
                "$xs[i] - $xs[j]",
                "$xs.get(i) - $xs.get(j)",
            ),
            (
                "swing",
                "the greatest absolute change of the price between two days, or 0 if there is none",
                "abs($xs[j] - $xs[i])",
                "Math.abs($xs.get(j) - $xs.get(i))",
            ),
            (
                "sum",
                "the greatest sum of the prices of two different days, or 0 if there are fewer than two days",
                "$xs[j] + $xs[i]",
                "$xs.get(j) + $xs.get(i)",
            ),
            (
                "fee",
                (
                    "the greatest profit from buying on one day and selling on a later day when a fee of 2 is "
                    "paid, or 0 if no profit is possible"
                ),
                "$xs[j] - $xs[i] - 2",
                "$xs.get(j) - $xs.get(i) - 2",
            ),
        ),
    },
)


family(
    "merge_sorted",
    parameters=[("xs", "LI"), ("ys", "LI")],
    result="LI",
    inputs=[digits_list, digits_list],
    texts=[
        "Return a list of all elements of $xs and $ys $order$extra.",
        "Combine $xs and $ys into one list $order$extra, and return it.",
    ],
    python="""
        result = $py
        return result
    """,
    java="""
        $ja
        return result;
    """,
    variants={
        "o": table(
            "id order so jso",
            ("a", "in ascending order", "", ""),
            ("d", "in descending order", ", reverse=True", ", Collections.reverseOrder()"),
        ),
        "e": table(
            "id extra py ja",
            (
                "all",
                ", keeping repeated values",
                "sorted($xs + $ys$so)",
                (
                    "ArrayList<Long> result = new ArrayList<>($xs);\n"
                    "result.addAll($ys);\n"
                    "Collections.sort(result$jso);"
                ),
            ),
            (
                "set",
                ", each value only once",
                "sorted(set($xs + $ys)$so)",
                (
                    "ArrayList<Long> result = new ArrayList<>(new HashSet<>($xs));\n"
                    "for (long y : $ys) {\n"
                    "    if (!result.contains(y)) {\n"
                    "        result.add(y);\n"
                    "    }\n"
                    "}\n"
                    "Collections.sort(result$jso);"
                ),
            ),
        ),
    },
)


family(
    "poly",
    parameters=[("xs", "LI"), ("k", "I")],
    result="I",
    inputs=[integers_between(-5, 6, 1, 5), whole(-3, 5)],
    texts=[
        "The list $xs holds the coefficients of a polynomial, $order first. Return its value at $k$extra.",
        (
            "Evaluate at $k the polynomial whose coefficients are in $xs, with $order first, and "
            "return the value$extra."
        ),
    ],
    python="""
        result = 0
        for x in $py:
            result = result * $k + x
        return result$e
    """,
    java="""
        long result = 0;
        $ja {
            result = result * $k + $jx;
        }
        return result$e;
    """,
    variants={
        "o": table(
            "id order py ja jx",
            ("h", "the highest power", "$xs", "for (long x : $xs)", "x"),
            ("l", "the constant term", "reversed($xs)", "for (int i = $xs.size() - 1; i >= 0; i--)", "$xs.get(i)"),
        ),
        "e": table(
            "id extra e",
            ("", "", ""),
            ("p1", " plus 1", " + 1"),
            ("n", " with the opposite sign", " * -1"),
        ),
    },
)


family(
    "sort_nums",
    parameters=[("xs", "LI")],
    result="LI",
    inputs=[integers],
    texts=[
        "Return the elements of $xs sorted by $what; elements that are equal in this respect $tie.",
        "Sort the numbers in $xs by $what. Ties $tie. Return the sorted list.",
    ],
    python="""
        return sorted($xs, key=lambda x: ($k1, $k2))
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>($xs);
        result.sort((a, b) -> {
            long x = $ja;
            long y = $jb;
            return x != y ? Long.compare(x, y) : $jt;
        });
        return result;
    """,
    weight=2,
    variants={
        "v": table(
            "id what k1 ja jb",
            ("abs", "absolute value", "abs(x)", "Math.abs(a)", "Math.abs(b)"),
            ("ld", "their last digit", "abs(x) % 10", "Math.abs(a) % 10", "Math.abs(b) % 10"),
            (
                "ds",
                "the sum of their digits",
                "sum(int(c) for c in str(abs(x)))",
                "String.valueOf(Math.abs(a)).chars().map(c -> c - '0').sum()",
                "String.valueOf(Math.abs(b)).chars().map(c -> c - '0').sum()",
            ),
            ("m3", "their remainder when divided by 3", "x % 3", "Math.floorMod(a, 3)", "Math.floorMod(b, 3)"),
            ("dist", "their distance from 10", "abs(x - 10)", "Math.abs(a - 10)", "Math.abs(b - 10)"),
            ("par", "parity, even numbers first", "x % 2", "Math.floorMod(a, 2)", "Math.floorMod(b, 2)"),
            (
                "bits",
                "the number of ones in the binary form of their absolute value",
                "bin(abs(x)).count('1')",
                "Long.bitCount(Math.abs(a))",
                "Long.bitCount(Math.abs(b))",
            ),
        ),
        "t": table(
            "id tie k2 jt",
            ("al", "are ordered by value", "x", "Long.compare(a, b)"),
            ("st", "keep their original order", "0", "0"),
            ("de", "are ordered from larger to smaller value", "-x", "Long.compare(b, a)"),
        ),
    },
)


family(
    "partition",
    parameters=[("xs", "LI")],
    result="LI",
    inputs=[integers],
    texts=[
        "Return a list with first all elements of $xs that $what and then all others, $order.",
        (
            "Rearrange $xs so that the elements that $what come first and the others after them, "
            "$order. Return the new list."
        ),
    ],
    python="""
        first = [x for x in $xs if $c]
        rest = [x for x in $xs if not ($c)]
        return $r
    """,
    java="""
        ArrayList<Long> first = new ArrayList<>();
        ArrayList<Long> rest = new ArrayList<>();
        for (long x : $xs) {
            if ($c) {
                first.add(x);
            } else {
                rest.add(x);
            }
        }
        ${jr}first.addAll(rest);
        return first;
    """,
    weight=2,
    variants={
        "c": table(
            "id what c",
            ("e", "are even", "x % 2 == 0"),
            ("o", "are odd", "x % 2 != 0"),
            ("n", "are negative", "x < 0"),
            ("p", "are positive", "x > 0"),
            ("g10", "are greater than 10", "x > 10"),
            ("d3", "are divisible by 3", "x % 3 == 0"),
            ("d5", "are divisible by 5", "x % 5 == 0"),
        ),
        "o": table(
            "id order r jr",
            ("k", "each group in its original order", "first + rest", ""),
            (
                "s",
                "each group in ascending order",
                "sorted(first) + sorted(rest)",
                ("Collections.sort(first);\n" "Collections.sort(rest);\n"),
            ),
            (
                "r",
                "each group in reverse of its original order",
                "first[::-1] + rest[::-1]",
                ("Collections.reverse(first);\n" "Collections.reverse(rest);\n"),
            ),
        ),
    },
)


family(
    "split_sums",
    parameters=[("xs", "LI")],
    result="$rt",
    inputs=[integers],
    texts=[
        "Let A be the $agg of the elements of $xs that $what and B the $agg of the others. Return $res.",
        (
            "Compute A, the $agg of the elements of $xs that $what, and B, the $agg of all other "
            "elements. Return $res."
        ),
    ],
    python="""
        a = 0
        b = 0
        for i, x in enumerate($xs):
            if $c:
                a += $e
            else:
                b += $e
        return $r
    """,
    java="""
        long a = 0;
        long b = 0;
        for (int i = 0; i < $xs.size(); i++) {
            long x = $xs.get(i);
            if ($c) {
                a += $e;
            } else {
                b += $e;
            }
        }
        return $jr;
    """,
    weight=3,
    variants={
        "c": table(
            "id what c",
            ("e", "are even", "x % 2 == 0"),
            ("p", "are positive", "x > 0"),
            ("ie", "are at even indices", "i % 2 == 0"),
            ("g10", "are greater than 10", "x > 10"),
            ("d3", "are divisible by 3", "x % 3 == 0"),
            ("i3", "are at indices divisible by 3", "i % 3 == 0"),
        ),
        "g": table(
            "id agg e",
            ("s", "sum", "x"),
            ("c", "number", "1"),
            ("sq", "sum of the squares", "x * x"),
        ),
        "r": table(
            "id rt res r jr",
            ("d", "I", "A minus B", "a - b", "a - b"),
            ("m", "I", "the larger of A and B", "max(a, b)", "Math.max(a, b)"),
            ("g", "B", "whether A is greater than B", "a > b", "a > b"),
            ("l", "LI", "a list of A and B", "[a, b]", "new ArrayList<>(Arrays.asList(a, b))"),
            ("p", "I", "A times B", "a * b", "a * b"),
        ),
    },
)


family(
    "threshold_index",
    parameters=[("xs", "LI"), ("k", "I")],
    result="I",
    inputs=[positive_integers, whole(5, 60)],
    texts=[
        (
            "Return how many elements from the start of $xs must be $what before $cmp $k; return -1 if "
            "this never happens."
        ),
        (
            "Go through $xs from the start. Return the number of elements that have been $what when "
            "$cmp $k for the first time, or -1 if it does not happen."
        ),
    ],
    python="""
        $init
        for i in range(len($xs)):
            $act
            if $c:
                return i + 1
        return -1
    """,
    java="""
        $jinit
        for (int i = 0; i < $xs.size(); i++) {
            $jact
            if ($c) {
                return i + 1;
            }
        }
        return -1;
    """,
    variants={
        "v": table(
            "id what cmp init jinit act jact c",
            (
                "s",
                "added up",
                "their sum exceeds",
                "total = 0",
                "long total = 0;",
                "total += $xs[i]",
                "total += $xs.get(i);",
                "total > $k",
            ),
            (
                "se",
                "added up",
                "their sum is at least",
                "total = 0",
                "long total = 0;",
                "total += $xs[i]",
                "total += $xs.get(i);",
                "total >= $k",
            ),
            (
                "p",
                "multiplied",
                "their product exceeds",
                "total = 1",
                "long total = 1;",
                "total *= $xs[i]",
                "total *= $xs.get(i);",
                "total > $k",
            ),
            (
                "m",
                "seen",
                "the largest of them exceeds",
                "total = 0",
                "long total = 0;",
                "total = max(total, $xs[i])",
                "total = Math.max(total, $xs.get(i));",
                "total > $k",
            ),
            (
                "pe",
                "multiplied",
                "their product is at least",
                "total = 1",
                "long total = 1;",
                "total *= $xs[i]",
                "total *= $xs.get(i);",
                "total >= $k",
            ),
        ),
    },
)
