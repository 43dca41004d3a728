"""Families over word lists, maps and matrices."""

from generator.families.family import family, table
from generator.inputs import grid, some_words, square_grid, word_map, words

family(
    "sort_words",
    parameters=[("ws", "LS")],
    result="LS",
    inputs=[words],
    texts=[
        "Return the strings of $ws sorted by $what; strings that are equal in this respect $tie.",
        "Sort $ws by $what. Strings that tie $tie. Return the sorted list.",
    ],
    python="""
        return sorted($ws, key=lambda w: ($k1, $k2))
    """,
    java="""
        ArrayList<String> result = new ArrayList<>($ws);
        result.sort((a, b) -> {
            long x = $ja;
            long y = $jb;
            return x != y ? Long.compare(x, y) : $jt;
        });
        return result;
    """,
    variants={
        "v": table(
            "id what k1 ja jb",
            ("len", "length, shortest first", "len(w)", "a.length()", "b.length()"),
            ("lend", "length, longest first", "-len(w)", "-a.length()", "-b.length()"),
            (
                "vow",
                "their number of vowels, fewest first",
                "sum(1 for c in w if c in 'aeiou')",
                'a.chars().filter(c -> "aeiou".indexOf(c) >= 0).count()',
                'b.chars().filter(c -> "aeiou".indexOf(c) >= 0).count()',
            ),
            (
                "e",
                "the number of times 'e' occurs in them, most first",
                "-w.count('e')",
                "-a.chars().filter(c -> c == 'e').count()",
                "-b.chars().filter(c -> c == 'e').count()",
            ),
            ("last", "their last letter", "ord(w[-1])", "a.charAt(a.length() - 1)", "b.charAt(b.length() - 1)"),
            ("lm", "length modulo 3", "len(w) % 3", "a.length() % 3", "b.length() % 3"),
        ),
        "t": table(
            "id tie k2 jt",
            ("al", "are ordered alphabetically", "w", "a.compareTo(b)"),
            ("st", "keep their original order", "0", "0"),
        ),
    },
)


family(
    "group_words",
    parameters=[("ws", "LS")],
    result="MSI",
    inputs=[some_words],
    texts=[
        "Return a map from each $what to $val.",
        "Group the strings of $ws by $what. Return a map from each group to $val.",
    ],
    python="""
        result = {}
        for w in $ws:
            name = $k1
            result[name] = $e
        return result
    """,
    java="""
        HashMap<String, Long> result = new HashMap<>();
        for (String w : $ws) {
            String name = $j1;
            result.put(name, $je);
        }
        return result;
    """,
    variants={
        "g": table(
            "id what k1 j1",
            ("f", "first letter of the strings in $ws", "w[0]", "w.substring(0, 1)"),
            ("l", "last letter of the strings in $ws", "w[-1]", "w.substring(w.length() - 1)"),
            ("w", "string in $ws", "w", "w"),
            ("u", "uppercase form of the strings in $ws", "w.upper()", "w.toUpperCase()"),
            (
                "2",
                "prefix of at most two characters of the strings in $ws",
                "w[:2]",
                "w.substring(0, Math.min(2, w.length()))",
            ),
        ),
        "v": table(
            "id val e je",
            ("c", "the number of strings that have it", "result.get(name, 0) + 1", "result.getOrDefault(name, 0L) + 1"),
            (
                "s",
                "the total length of the strings that have it",
                "result.get(name, 0) + len(w)",
                "result.getOrDefault(name, 0L) + w.length()",
            ),
            (
                "m",
                "the greatest length of the strings that have it",
                "max(result.get(name, 0), len(w))",
                "Math.max(result.getOrDefault(name, 0L), w.length())",
            ),
            ("l", "the length of the last string that has it", "len(w)", "(long) w.length()"),
        ),
    },
)


family(
    "map_keys",
    parameters=[("d1", "MSI")],
    result="$rt",
    inputs=[word_map],
    texts=[
        "Return $what of the map $d1 $cond.",
        "Look at the keys of $d1 $cond. Return $what of the map that meet this.",
    ],
    python="""
        result = []
        for name in sorted($d1):
            if $py:
                result.append(name)
        return $r
    """,
    java="""
        ArrayList<String> result = new ArrayList<>();
        for (String name : new TreeSet<>($d1.keySet())) {
            if ($ja) {
                result.add(name);
            }
        }
        return $jr;
    """,
    variants={
        "c": table(
            "id cond py ja",
            ("gt", "whose value is greater than $k", "$d1[name] > $k", "$d1.get(name) > $k"),
            ("lt", "whose value is less than $k", "$d1[name] < $k", "$d1.get(name) < $k"),
            ("ev", "whose value is even", "$d1[name] % 2 == 0", "$d1.get(name) % 2 == 0"),
            (
                "len",
                "whose value is greater than their length",
                "$d1[name] > len(name)",
                "$d1.get(name) > name.length()",
            ),
            ("long", "that have more than $k3 characters", "len(name) > $k3", "name.length() > $k3"),
        ),
        "k": [5, 10, 20],
        "k3": [3, 4],
        "w": table(
            "id rt what r jr",
            ("l", "LS", "an alphabetical list of the keys", "result", "result"),
            (
                "j",
                "S",
                "the keys, in alphabetical order and joined by ',',",
                "','.join(result)",
                'String.join(",", result)',
            ),
            ("c", "I", "the number of keys", "len(result)", "result.size()"),
            (
                "f",
                "S",
                "the alphabetically first of the keys, or an empty string if there is none,",
                "result[0] if result else ''",
                'result.isEmpty() ? "" : result.get(0)',
            ),
        ),
    },
)


family(
    "best_key",
    parameters=[("d1", "MSI")],
    result="S",
    inputs=[word_map],
    texts=[
        "Return the key of $d1 with the $kind $what; on ties return the alphabetically $tie key.",
        ("Find the key with the $kind $what in the map $d1 (the alphabetically $tie one on ties) " "and return it."),
    ],
    python="""
        best = None
        for name in sorted($d1$rev):
            if best is None or $py:
                best = name
        return best
    """,
    java="""
        String best = null;
        for (String name : $jset) {
            if (best == null || $ja) {
                best = name;
            }
        }
        return best;
    """,
    variants={
        "k": table(
            "id kind op",
            ("big", "largest", ">"),
            ("small", "smallest", "<"),
        ),
        "v": table(
            "id what py ja",
            ("v", "value", "$d1[name] $op $d1[best]", "$d1.get(name) $op $d1.get(best)"),
            (
                "a",
                "absolute value",
                "abs($d1[name]) $op abs($d1[best])",
                "Math.abs($d1.get(name)) $op Math.abs($d1.get(best))",
            ),
            (
                "l",
                "sum of its length and its value",
                "len(name) + $d1[name] $op len(best) + $d1[best]",
                "name.length() + $d1.get(name) $op best.length() + $d1.get(best)",
            ),
        ),
        "t": table(
            "id tie rev jset",
            ("f", "first", "", "new TreeSet<>($d1.keySet())"),
            ("l", "last", ", reverse=True", "new TreeSet<>($d1.keySet()).descendingSet()"),
        ),
    },
)


family(
    "matrix_lines",
    parameters=[("g", "LLI")],
    result="LI",
    inputs=[grid],
    texts=[
        "Return a list with the $what of each $line of the rectangular matrix $g.",
        "For each $line of the rectangular matrix $g compute the $what. Return these in a list.",
    ],
    python="""
        result = []
        $py
        return result
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>();
        $ja
        return result;
    """,
    weight=2,
    variants={
        "v": table(
            "id what pi pa ji ja2",
            ("s", "sum", "0", "cur + $at", "0", "cur + $jat"),
            ("m", "maximum", "$at0", "max(cur, $at)", "$jat0", "Math.max(cur, $jat)"),
            ("mi", "minimum", "$at0", "min(cur, $at)", "$jat0", "Math.min(cur, $jat)"),
            ("c", "number of positive elements", "0", "cur + (1 if $at > 0 else 0)", "0", "cur + ($jat > 0 ? 1 : 0)"),
            (
                "e",
                "number of even elements",
                "0",
                "cur + (1 if $at % 2 == 0 else 0)",
                "0",
                "cur + ($jat % 2 == 0 ? 1 : 0)",
            ),
        ),
        "l": table(
            "id line py ja at at0 jat jat0",
            (
                "row",
                "row",
                (
                    "for i in range(len($g)):\n"
                    "    cur = $pi\n"
                    "    for j in range(len($g[0])):\n"
                    "        cur = $pa\n"
                    "    result.append(cur)"
                ),
                (
                    "for (int i = 0; i < $g.size(); i++) {\n"
                    "    long cur = $ji;\n"
                    "    for (int j = 0; j < $g.get(0).size(); j++) {\n"
                    "        cur = $ja2;\n"
                    "    }\n"
                    "    result.add(cur);\n"
                    "}"
                ),
                "$g[i][j]",
                "$g[i][0]",
                "$g.get(i).get(j)",
                "$g.get(i).get(0)",
            ),
            (
                "col",
                "column",
                (
                    "for j in range(len($g[0])):\n"
                    "    cur = $pi\n"
                    "    for i in range(len($g)):\n"
                    "        cur = $pa\n"
                    "    result.append(cur)"
                ),
                (
                    "for (int j = 0; j < $g.get(0).size(); j++) {\n"
                    "    long cur = $ji;\n"
                    "    for (int i = 0; i < $g.size(); i++) {\n"
                    "        cur = $ja2;\n"
                    "    }\n"
                    "    result.add(cur);\n"
                    "}"
                ),
                "$g[i][j]",
                "$g[0][j]",
                "$g.get(i).get(j)",
                "$g.get(0).get(j)",
            ),
        ),
    },
)


family(
    "matrix_sum",
    parameters=[("g", "LLI")],
    result="I",
    inputs=[square_grid],
    texts=[
        "Return the $what of the elements of the square matrix $g that are $where.",
        "Take the elements of the square matrix $g that are $where, and return their $what.",
    ],
    python="""
        result = $init
        for i in range(len($g)):
            for j in range(len($g)):
                if $c:
                    result $op
        return result
    """,
    java="""
        long result = $init;
        for (int i = 0; i < $g.size(); i++) {
            for (int j = 0; j < $g.size(); j++) {
                if ($jc) {
                    result $jop;
                }
            }
        }
        return result;
    """,
    variants={
        "c": table(
            "id where c jc",
            ("diag", "on the main diagonal", "i == j", "i == j"),
            (
                "anti",
                "on the diagonal from the upper right to the lower left",
                "i + j == len($g) - 1",
                "i + j == $g.size() - 1",
            ),
            ("up", "above the main diagonal", "i < j", "i < j"),
            ("low", "below the main diagonal", "i > j", "i > j"),
            ("off", "not on the main diagonal", "i != j", "i != j"),
            (
                "chk",
                "at positions whose row and column numbers add up to an even number",
                "(i + j) % 2 == 0",
                "(i + j) % 2 == 0",
            ),
        ),
        "w": table(
            "id what init op jop",
            ("s", "sum", "0", "+= $g[i][j]", "+= $g.get(i).get(j)"),
            ("sq", "sum of squares", "0", "+= $g[i][j] * $g[i][j]", "+= $g.get(i).get(j) * $g.get(i).get(j)"),
            ("n", "number", "0", "+= 1", "+= 1"),
            ("p", "product", "1", "*= $g[i][j]", "*= $g.get(i).get(j)"),
        ),
    },
)


family(
    "transpose",
    parameters=[("g", "LLI")],
    result="LLI",
    inputs=[grid],
    texts=["Return $what the rectangular matrix $g.", "The rows of $g all have the same length. Return $what it."],
    python="""
        result = []
        for j in range(len($g[0])):
            row = []
            for i in range(len($g)):
                row.append($py)
            result.append(row$rv)
        return result
    """,
    java="""
        ArrayList<ArrayList<Long>> result = new ArrayList<>();
        for (int j = 0; j < $g.get(0).size(); j++) {
            ArrayList<Long> row = new ArrayList<>();
            for (int i = 0; i < $g.size(); i++) {
                row.add($ja);
            }
            ${jrv}result.add(row);
        }
        return result;
    """,
    variants={
        "v": table(
            "id what py ja rv jrv",
            ("t", "the transpose of", "$g[i][j]", "$g.get(i).get(j)", "", ""),
            (
                "cw",
                "a copy, turned clockwise by 90 degrees, of",
                "$g[i][j]",
                "$g.get(i).get(j)",
                "[::-1]",
                ("Collections.reverse(row);\n" "    "),
            ),
            ("neg", "the transpose, with every element negated, of", "-$g[i][j]", "-$g.get(i).get(j)", "", ""),
            ("dbl", "the transpose, with every element doubled, of", "2 * $g[i][j]", "2 * $g.get(i).get(j)", "", ""),
        ),
    },
)


family(
    "flatten",
    parameters=[("g", "LLI")],
    result="LI",
    inputs=[grid],
    texts=[
        "Return a list of all elements of the rows of $g$cond, $order.",
        "Put all elements of the rows of $g$cond into one list, $order, and return it.",
    ],
    python="""
        result = []
        for row in $g:
            for x in row:
                if $c:
                    result.append(x)
        return $r
    """,
    java="""
        ArrayList<Long> result = new ArrayList<>();
        for (ArrayList<Long> row : $g) {
            for (long x : row) {
                if ($c) {
                    result.add(x);
                }
            }
        }
        ${jr}return result;
    """,
    variants={
        "c": table(
            "id cond c",
            ("pos", " that are positive", "x > 0"),
            ("ev", " that are even", "x % 2 == 0"),
            ("od", " that are odd", "x % 2 != 0"),
            ("gt5", " that are greater than 5", "x > 5"),
            ("d3", " that are divisible by 3", "x % 3 == 0"),
        ),
        "o": table(
            "id order r jr",
            ("o", "row by row", "result", ""),
            ("s", "in ascending order", "sorted(result)", ("Collections.sort(result);\n")),
            ("r", "in reverse of their row by row order", "result[::-1]", ("Collections.reverse(result);\n")),
            (
                "d",
                "in descending order",
                "sorted(result, reverse=True)",
                ("Collections.sort(result, Collections.reverseOrder());\n"),
            ),
        ),
    },
)


family(
    "pad",
    parameters=[("ws", "LS")],
    result="LS",
    inputs=[words],
    texts=[
        "Return a list of the strings of $ws, $what.",
        "For each string of $ws make a new one, $what. Return the list of new strings.",
    ],
    python="""
        width = 0
        for w in $ws:
            width = max(width, len(w))
        result = []
        for w in $ws:
            result.append($py)
        return result
    """,
    java="""
        int width = 0;
        for (String w : $ws) {
            width = Math.max(width, w.length());
        }
        ArrayList<String> result = new ArrayList<>();
        for (String w : $ws) {
            result.add($ja);
        }
        return result;
    """,
    variants={
        "c": ["-", ".", "*", "_"],
        "v": table(
            "id what py ja",
            (
                "r",
                "filled up at the end with '$c' to the length of the longest one",
                "w + '$c' * (width - len(w))",
                'w + "$c".repeat(width - w.length())',
            ),
            (
                "l",
                "filled up at the start with '$c' to the length of the longest one",
                "'$c' * (width - len(w)) + w",
                '"$c".repeat(width - w.length()) + w',
            ),
            (
                "n",
                "each followed by '$c' and the length of the longest one",
                "w + '$c' + str(width)",
                'w + "$c" + width',
            ),
            (
                "m",
                "each followed by '$c' if it is as long as the longest one and unchanged otherwise",
                "w + '$c' if len(w) == width else w",
                'w.length() == width ? w + "$c" : w',
            ),
        ),
    },
)
