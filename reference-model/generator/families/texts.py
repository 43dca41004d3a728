"""Families over strings and sentences."""

from generator.families.family import family, table
from generator.inputs import (
    brackets,
    one_of,
    perhaps_palindrome,
    sentence,
    some_string,
    string,
    text_over,
    word,
    word_after,
)

family(
    "count_pairs_equal",
    parameters=[("s", "S")],
    result="I",
    inputs=[text_over("aabbc", 0, 9)],
    texts=["Return the number of $what in $s.", "Count the $what in the string $s and return the count."],
    python="""
        count = 0
        for i in range(len($s) - $w):
            if $py:
                count += 1
        return count
    """,
    java="""
        long count = 0;
        for (int i = 0; i + $w < $s.length(); i++) {
            if ($ja) {
                count++;
            }
        }
        return count;
    """,
    variants={
        "v": table(
            "id what w py ja",
            (
                "eq",
                "positions where a character equals the next one",
                "1",
                "$s[i] == $s[i + 1]",
                "$s.charAt(i) == $s.charAt(i + 1)",
            ),
            (
                "ne",
                "positions where a character differs from the next one",
                "1",
                "$s[i] != $s[i + 1]",
                "$s.charAt(i) != $s.charAt(i + 1)",
            ),
            (
                "lt",
                "positions where a character comes before the next one in order",
                "1",
                "$s[i] < $s[i + 1]",
                "$s.charAt(i) < $s.charAt(i + 1)",
            ),
            (
                "gap",
                "positions where a character equals the one two places later",
                "2",
                "$s[i] == $s[i + 2]",
                "$s.charAt(i) == $s.charAt(i + 2)",
            ),
            (
                "gt",
                "positions where a character comes after the next one in order",
                "1",
                "$s[i] > $s[i + 1]",
                "$s.charAt(i) > $s.charAt(i + 1)",
            ),
            (
                "tri",
                "positions where three characters in a row are equal",
                "2",
                "$s[i] == $s[i + 1] and $s[i] == $s[i + 2]",
                "$s.charAt(i) == $s.charAt(i + 1) && $s.charAt(i) == $s.charAt(i + 2)",
            ),
        ),
    },
)


family(
    "caesar",
    parameters=[("s", "S")],
    result="S",
    inputs=[string],
    texts=[
        (
            "Shift every lowercase letter of $s by $k places $dir in the alphabet (wrapping around) "
            "and leave other characters unchanged. Return the result$extra."
        ),
        (
            "Encode $s by moving each lowercase letter $k places $dir in the alphabet, wrapping "
            "around; other characters stay. Return the new string$extra."
        ),
    ],
    python="""
        result = ''
        for c in $s:
            if 'a' <= c <= 'z':
                result += chr((ord(c) - 97 $op $k) % 26 + 97)
            else:
                result += c
        return result$py
    """,
    java="""
        StringBuilder result = new StringBuilder();
        for (char c : $s.toCharArray()) {
            if (c >= 'a' && c <= 'z') {
                result.append((char) (Math.floorMod(c - 97 $op $k, 26) + 97));
            } else {
                result.append(c);
            }
        }
        return result$ja.toString();
    """,
    variants={
        "k": [1, 2, 3, 4, 5, 7, 13],
        "o": table(
            "id dir op",
            ("f", "forward", "+"),
            ("b", "back", "-"),
        ),
        "x": table(
            "id extra py ja",
            ("", "", "", ""),
            ("r", " reversed", "[::-1]", ".reverse()"),
        ),
    },
)


family(
    "run_length",
    parameters=[("s", "S")],
    result="S",
    inputs=[text_over("aabbc", 0, 9)],
    texts=[
        "Encode $s by replacing each run of equal characters by $what, and return the encoded string.",
        "Compress $s: every run of equal characters becomes $what. Return the result.",
    ],
    python="""
        result = ''
        i = 0
        while i < len($s):
            j = i
            while j < len($s) and $s[j] == $s[i]:
                j += 1
            $py
            i = j
        return result
    """,
    java="""
        StringBuilder result = new StringBuilder();
        int i = 0;
        while (i < $s.length()) {
            int j = i;
            while (j < $s.length() && $s.charAt(j) == $s.charAt(i)) {
                j++;
            }
            $ja
            i = j;
        }
        return result.toString();
    """,
    variants={
        "v": table(
            "id what py ja",
            (
                "cn",
                "the character followed by the length of the run",
                "result += $s[i] + str(j - i)",
                "result.append($s.charAt(i)).append(j - i);",
            ),
            (
                "nc",
                "the length of the run followed by the character",
                "result += str(j - i) + $s[i]",
                "result.append(j - i).append($s.charAt(i));",
            ),
            ("c", "a single character", "result += $s[i]", "result.append($s.charAt(i));"),
            ("n", "the length of the run", "result += str(j - i)", "result.append(j - i);"),
            (
                "cs",
                "the character and a '*' if the run is longer than one",
                "result += $s[i] + ('*' if j - i > 1 else '')",
                'result.append($s.charAt(i)).append(j - i > 1 ? "*" : "");',
            ),
        ),
    },
)


family(
    "palindrome_string",
    parameters=[("s", "S")],
    result="B",
    inputs=[perhaps_palindrome],
    texts=[
        "Return True if $s is a palindrome$how, and False otherwise.",
        "Check whether $s reads the same forwards and backwards$how.",
    ],
    python="""
        cleaned = $py
        return cleaned == cleaned[::-1]
    """,
    java="""
        String cleaned = $ja;
        return cleaned.equals(new StringBuilder(cleaned).reverse().toString());
    """,
    variants={
        "v": table(
            "id how py ja",
            ("p", "", "$s", "$s"),
            ("low", " when the case of letters is ignored", "$s.lower()", "$s.toLowerCase()"),
            ("sp", " when spaces are ignored", "$s.replace(' ', '')", '$s.replace(" ", "")'),
            (
                "ls",
                " when case and spaces are ignored",
                "$s.replace(' ', '').lower()",
                '$s.replace(" ", "").toLowerCase()',
            ),
            ("nf", " after its first character is removed", "$s[1:]", "$s.substring(1)"),
        ),
    },
)


family(
    "anagram",
    parameters=[("s", "S"), ("t", "S")],
    result="B",
    inputs=[
        one_of("listen", "Tea", "night", "abc", "stone", "a b"),
        one_of("silent", "eat", "thing", "cab", "notes", "Onset", "b a", "bca", "ab"),
    ],
    texts=[
        "Return True if $s and $t are anagrams of each other$how, and False otherwise.",
        "Check whether the letters of $s can be rearranged to give $t$how.",
    ],
    python="""
        return sorted($a) == sorted($b)
    """,
    java="""
        char[] a = $ja.toCharArray();
        char[] b = $jb.toCharArray();
        Arrays.sort(a);
        Arrays.sort(b);
        return Arrays.equals(a, b);
    """,
    variants={
        "v": table(
            "id how a b ja jb",
            ("p", "", "$s", "$t", "$s", "$t"),
            ("low", ", ignoring case", "$s.lower()", "$t.lower()", "$s.toLowerCase()", "$t.toLowerCase()"),
            (
                "sp",
                ", ignoring spaces",
                "$s.replace(' ', '')",
                "$t.replace(' ', '')",
                '$s.replace(" ", "")',
                '$t.replace(" ", "")',
            ),
        ),
    },
)


family(
    "brackets",
    parameters=[("s", "S")],
    result="$rt",
    inputs=[brackets],
    texts=["$doc", "Look only at the round brackets in $s. $doc"],
    python="""
        depth = 0
        best = 0
        for c in $s:
            if c == '(':
                depth += 1
                best = max(best, depth)
            elif c == ')':
                depth -= 1
        ${chk}return $r
    """,
    java="""
        long depth = 0;
        long best = 0;
        for (char c : $s.toCharArray()) {
            if (c == '(') {
                depth++;
                best = Math.max(best, depth);
            } else if (c == ')') {
                depth--;
            }
        ${jchk}}
        return $r;
    """,
    variants={
        "v": table(
            "id rt doc chk jchk r",
            (
                "bal",
                "B",
                "Return whether the brackets in $s are balanced: every '(' is closed by a later ')'.",
                ("    if depth < 0:\n" "        return False\n"),
                ("    if (depth < 0) {\n" "        return false;\n" "    }\n"),
                "depth == 0",
            ),
            (
                "deep",
                "I",
                (
                    "Return the greatest nesting depth reached in $s, where '(' goes one level down and ')' "
                    "one level up."
                ),
                "",
                "",
                "best",
            ),
            ("end", "I", "Return the number of '(' minus the number of ')' in $s.", "", "", "depth"),
            ("gt1", "B", "Return whether '(' is ever nested more than one level deep in $s.", "", "", "best > 1"),
            ("de", "I", "Return the greatest nesting depth in $s minus the depth at its end.", "", "", "best - depth"),
        ),
    },
)


family(
    "first_unique",
    parameters=[("s", "S")],
    result="S",
    inputs=[text_over("aabbc", 0, 9)],
    texts=[
        "Return the $ord character of $s that $what, or an empty string if there is none.",
        (
            "Find the $ord character that $what in $s and return it; return an empty string if no "
            "character qualifies."
        ),
    ],
    python="""
        for c in $py:
            if $s.count(c) $op:
                return c
        return ''
    """,
    java="""
        for (int i = $i0; $ic; $ii) {
            char c = $s.charAt(i);
            if ($s.chars().filter(ch -> ch == c).count() $op) {
                return String.valueOf(c);
            }
        }
        return "";
    """,
    variants={
        "o": table(
            "id ord py i0 ic ii",
            ("f", "first", "$s", "0", "i < $s.length()", "i++"),
            ("l", "last", "reversed($s)", "$s.length() - 1", "i >= 0", "i--"),
        ),
        "w": table(
            "id what op",
            ("u", "appears only once", "== 1"),
            ("d", "appears more than once", "> 1"),
            ("2", "appears exactly twice", "== 2"),
            ("3", "appears at least three times", ">= 3"),
            ("e", "appears an even number of times", "% 2 == 0"),
        ),
    },
)


family(
    "count_sub",
    parameters=[("s", "S"), ("t", "S")],
    result="$rt",
    inputs=[text_over("aabbc", 0, 9), one_of("a", "aa", "ab", "b", "ba", "c", "bb")],
    texts=[
        "Return $what of $t in $s (occurrences may overlap).",
        "Find every place where $t occurs in $s; occurrences may overlap. Return $what.",
    ],
    python="""
        $init
        for i in range(len($s) - len($t) + 1):
            if $s[i:i + len($t)] == $t:
                $act
        return result
    """,
    java="""
        $jinit
        for (int i = 0; i + $t.length() <= $s.length(); i++) {
            if ($s.substring(i, i + $t.length()).equals($t)) {
                $jact
            }
        }
        return result;
    """,
    variants={
        "v": table(
            "id rt what init act jinit jact",
            ("c", "I", "the number of occurrences", "result = 0", "result += 1", "long result = 0;", "result++;"),
            (
                "l",
                "LI",
                "the list of start indices of the occurrences",
                "result = []",
                "result.append(i)",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add((long) i);",
            ),
            (
                "la",
                "I",
                "the start index of the last occurrence, or -1 if there is none,",
                "result = -1",
                "result = i",
                "long result = -1;",
                "result = i;",
            ),
            (
                "s",
                "I",
                "the sum of the start indices of the occurrences",
                "result = 0",
                "result += i",
                "long result = 0;",
                "result += i;",
            ),
        ),
    },
)


family(
    "common_prefix",
    parameters=[("s", "S"), ("t", "S")],
    result="$rt",
    inputs=[word_after("inter", "pre", "st", ""), word_after("inter", "pre", "sta", "")],
    texts=["Return $what of $s and $t.", "Compare $s and $t from the $side. Return $what of the two strings."],
    python="""
        count = 0
        while count < len($s) and count < len($t) and $py:
            count += 1
        return $r
    """,
    java="""
        int count = 0;
        while (count < $s.length() && count < $t.length() && $ja) {
            count++;
        }
        return $jr;
    """,
    variants={
        "v": table(
            "id rt what side py ja r jr",
            (
                "p",
                "S",
                "the longest common prefix",
                "start",
                "$s[count] == $t[count]",
                "$s.charAt(count) == $t.charAt(count)",
                "$s[:count]",
                "$s.substring(0, count)",
            ),
            (
                "pl",
                "I",
                "the length of the longest common prefix",
                "start",
                "$s[count] == $t[count]",
                "$s.charAt(count) == $t.charAt(count)",
                "count",
                "count",
            ),
            (
                "s",
                "S",
                "the longest common suffix",
                "end",
                "$s[-1 - count] == $t[-1 - count]",
                "$s.charAt($s.length() - 1 - count) == $t.charAt($t.length() - 1 - count)",
                "$s[len($s) - count:]",
                "$s.substring($s.length() - count)",
            ),
            (
                "sl",
                "I",
                "the length of the longest common suffix",
                "end",
                "$s[-1 - count] == $t[-1 - count]",
                "$s.charAt($s.length() - 1 - count) == $t.charAt($t.length() - 1 - count)",
                "count",
                "count",
            ),
            (
                "rest",
                "S",
                "what is left of the first string after the common prefix",
                "start",
                "$s[count] == $t[count]",
                "$s.charAt(count) == $t.charAt(count)",
                "$s[count:]",
                "$s.substring(count)",
            ),
        ),
    },
)


family(
    "hamming",
    parameters=[("s", "S"), ("t", "S")],
    result="$rt",
    inputs=[text_over("aabbc", 0, 9), text_over("aabbc", 0, 9)],
    texts=[
        "Compare $s and $t position by position, up to the length of the shorter one, and return $what.",
        "Return $what when $s and $t are compared position by position (up to the shorter length).",
    ],
    python="""
        $init
        for a, b in zip($s, $t):
            if $c:
                $act
        return result
    """,
    java="""
        $jinit
        for (int i = 0; i < Math.min($s.length(), $t.length()); i++) {
            char a = $s.charAt(i);
            char b = $t.charAt(i);
            if ($c) {
                $jact
            }
        }
        return $jr;
    """,
    variants={
        "c": table(
            "id c cw",
            ("ne", "a != b", "where the characters differ"),
            ("eq", "a == b", "where the characters are equal"),
            ("lt", "a < b", "where the character of $s comes before that of $t"),
            ("gt", "a > b", "where the character of $s comes after that of $t"),
        ),
        "w": table(
            "id rt what init act jinit jact jr",
            (
                "c",
                "I",
                "the number of positions $cw",
                "result = 0",
                "result += 1",
                "long result = 0;",
                "result++;",
                "result",
            ),
            (
                "s",
                "S",
                "a string of the characters of $s at the positions $cw",
                "result = ''",
                "result += a",
                "StringBuilder result = new StringBuilder();",
                "result.append(a);",
                "result.toString()",
            ),
            (
                "b",
                "S",
                "a string of the characters of $t at the positions $cw",
                "result = ''",
                "result += b",
                "StringBuilder result = new StringBuilder();",
                "result.append(b);",
                "result.toString()",
            ),
        ),
    },
)


family(
    "merge_strings",
    parameters=[("s", "S"), ("t", "S")],
    result="S",
    inputs=[word, word],
    texts=[
        ("Build a string by taking characters alternately from $a and $b, starting with $a; $how. " "Return it."),
        "Alternate the characters of $a and $b, beginning with $a; $how. Return the resulting string.",
    ],
    python="""
        result = ''
        for i in range($f(len($s), len($t))):
            result += $a[i:i + 1] + $b[i:i + 1]
        return result
    """,
    java="""
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < Math.$f($s.length(), $t.length()); i++) {
            if (i < $a.length()) {
                result.append($a.charAt(i));
            }
            if (i < $b.length()) {
                result.append($b.charAt(i));
            }
        }
        return result.toString();
    """,
    variants={
        "o": table(
            "id a b",
            ("st", "$s", "$t"),
            ("ts", "$t", "$s"),
        ),
        "f": table(
            "id f how",
            ("max", "max", "the rest of the longer string follows at the end"),
            ("min", "min", "stop at the end of the shorter string"),
        ),
    },
)


family(
    "vowel_balance",
    parameters=[("s", "S")],
    result="$rt",
    inputs=[string],
    texts=[
        "Return $what the number of $a in $s and the number of $b in $s.",
        "Count the $a and the $b in $s, and return $what the two counts.",
    ],
    python="""
        x = 0
        y = 0
        for c in $s:
            if $pa:
                x += 1
            elif $pb:
                y += 1
        return $r
    """,
    java="""
        long x = 0;
        long y = 0;
        for (char c : $s.toCharArray()) {
            if ($ja) {
                x++;
            } else if ($jb) {
                y++;
            }
        }
        return $jr;
    """,
    weight=2,
    variants={
        "p": table(
            "id a b pa pb ja jb",
            (
                "ud",
                "uppercase letters",
                "lowercase letters",
                "c.isupper()",
                "c.islower()",
                "Character.isUpperCase(c)",
                "Character.isLowerCase(c)",
            ),
            (
                "vd",
                "vowels (a, e, i, o, u)",
                "digits",
                "c in 'aeiou'",
                "c.isdigit()",
                '"aeiou".indexOf(c) >= 0',
                "Character.isDigit(c)",
            ),
            ("ld", "letters", "digits", "c.isalpha()", "c.isdigit()", "Character.isLetter(c)", "Character.isDigit(c)"),
            ("ae", "letters 'a'", "letters 'e'", "c == 'a'", "c == 'e'", "c == 'a'", "c == 'e'"),
            ("ls", "letters", "spaces", "c.isalpha()", "c == ' '", "Character.isLetter(c)", "c == ' '"),
            (
                "du",
                "digits",
                "uppercase letters",
                "c.isdigit()",
                "c.isupper()",
                "Character.isDigit(c)",
                "Character.isUpperCase(c)",
            ),
        ),
        "w": table(
            "id rt what r jr",
            ("d", "I", "the absolute difference between", "abs(x - y)", "Math.abs(x - y)"),
            ("m", "I", "the larger of", "max(x, y)", "Math.max(x, y)"),
            ("p", "I", "the product of", "x * y", "x * y"),
            ("mi", "I", "the smaller of", "min(x, y)", "Math.min(x, y)"),
            ("l", "LI", "a list of", "[x, y]", "new ArrayList<>(Arrays.asList(x, y))"),
        ),
    },
)


family(
    "string_case",
    parameters=[("s", "S")],
    result="S",
    inputs=[string],
    texts=["Return $s with $what.", "Build and return a new string from $s with $what."],
    python="""
        result = ''
        for i, c in enumerate($s):
            if $pc:
                result += $pa
            else:
                result += $pb
        return result
    """,
    java="""
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < $s.length(); i++) {
            char c = $s.charAt(i);
            if ($jc) {
                result.append($ja);
            } else {
                result.append($jb);
            }
        }
        return result.toString();
    """,
    weight=2,
    variants={
        "a": table(
            "id cw pc jc",
            ("ev", "at even positions", "i % 2 == 0", "i % 2 == 0"),
            ("th", "at positions divisible by 3", "i % 3 == 0", "i % 3 == 0"),
            ("first", "at the first and last position", "i == 0 or i == len($s) - 1", "i == 0 || i == $s.length() - 1"),
            ("half", "in the first half", "i < len($s) // 2", "i < $s.length() / 2"),
            ("aft", "that directly follow a space", "i > 0 and $s[i - 1] == ' '", "i > 0 && $s.charAt(i - 1) == ' '"),
        ),
        "b": table(
            "id what pa pb ja jb",
            (
                "ul",
                "the characters $cw in upper case and the others in lower case",
                "c.upper()",
                "c.lower()",
                "Character.toUpperCase(c)",
                "Character.toLowerCase(c)",
            ),
            (
                "uk",
                "the characters $cw in upper case and the others unchanged",
                "c.upper()",
                "c",
                "Character.toUpperCase(c)",
                "c",
            ),
            ("st", "the characters $cw replaced by '*'", "'*'", "c", "'*'", "c"),
            ("db", "the characters $cw doubled", "c + c", "c", '"" + c + c', "c"),
            (
                "da",
                "the characters $cw replaced by '-' and the others in upper case",
                "'-'",
                "c.upper()",
                "'-'",
                "Character.toUpperCase(c)",
            ),
        ),
    },
)


family(
    "remove_chars",
    parameters=[("s", "S"), ("t", "S")],
    result="$rt",
    inputs=[some_string, one_of("abc", "aeiou", "xyz", "rst", "mno", "ea", "T")],
    texts=[
        "Return $what the characters of $s that $which in $t.",
        "Go through $s and collect the characters that $which in $t. Return $what them.",
    ],
    python="""
        result = ''
        for c in $s:
            if c $op $t:
                result += c
        return $r
    """,
    java="""
        StringBuilder result = new StringBuilder();
        for (char c : $s.toCharArray()) {
            if ($t.indexOf(c) $jop 0) {
                result.append(c);
            }
        }
        return $jr;
    """,
    variants={
        "o": table(
            "id which op jop",
            ("n", "do not occur", "not in", "<"),
            ("y", "also occur", "in", ">="),
        ),
        "w": table(
            "id rt what r jr",
            ("s", "S", "a string of", "result", "result.toString()"),
            ("r", "S", "a reversed string of", "result[::-1]", "result.reverse().toString()"),
            ("c", "I", "the number of", "len(result)", "result.length()"),
            ("u", "S", "an uppercase string of", "result.upper()", "result.toString().toUpperCase()"),
            ("e", "B", "whether there are no characters left when taking", "result == ''", "result.length() == 0"),
        ),
    },
)


family(
    "distinct_chars",
    parameters=[("s", "S")],
    result="$rt",
    inputs=[string],
    texts=["Return $what of the characters of $s$cond.", "Consider the characters of $s$cond. Return $what of them."],
    python="""
        seen = ''
        for c in $s:
            if $c and c not in seen:
                seen += c
        return $r
    """,
    java="""
        String seen = "";
        for (char c : $s.toCharArray()) {
            if ($jc && seen.indexOf(c) < 0) {
                seen += c;
            }
        }
        return $jr;
    """,
    variants={
        "c": table(
            "id cond c jc",
            ("l", " that are letters", "c.isalpha()", "Character.isLetter(c)"),
            ("d", " that are digits", "c.isdigit()", "Character.isDigit(c)"),
            ("s", " that are not spaces", "c != ' '", "c != ' '"),
            ("lo", " that are lowercase letters", "c.islower()", "Character.isLowerCase(c)"),
            ("v", " that are vowels (a, e, i, o, u)", "c in 'aeiou'", '"aeiou".indexOf(c) >= 0'),
        ),
        "w": table(
            "id rt what r jr",
            ("n", "I", "the number of different ones", "len(seen)", "seen.length()"),
            ("s", "S", "a string of the different ones, in order of first appearance,", "seen", "seen"),
            (
                "r",
                "S",
                "a string of the different ones, in reverse order of first appearance,",
                "seen[::-1]",
                "new StringBuilder(seen).reverse().toString()",
            ),
            ("rep", "B", "whether there are more than 3 different ones", "len(seen) > 3", "seen.length() > 3"),
        ),
    },
)


family(
    "sum_numbers_text",
    parameters=[("s", "S")],
    result="$rt",
    inputs=[text_over("ab1239c0d57", 0, 9)],
    texts=["Return $what the digits that occur in $s.", "Some characters of $s are digits. Return $what these digits."],
    python="""
        $init
        for c in $s:
            if c.isdigit():
                $act
        return result
    """,
    java="""
        $jinit
        for (char c : $s.toCharArray()) {
            if (Character.isDigit(c)) {
                $jact
            }
        }
        return result;
    """,
    variants={
        "v": table(
            "id rt what init act jinit jact",
            ("s", "I", "the sum of", "result = 0", "result += int(c)", "long result = 0;", "result += c - '0';"),
            ("p", "I", "the product of", "result = 1", "result *= int(c)", "long result = 1;", "result *= c - '0';"),
            (
                "n",
                "I",
                "the number formed by writing one after another (0 if there are none)",
                "result = 0",
                "result = result * 10 + int(c)",
                "long result = 0;",
                "result = result * 10 + (c - '0');",
            ),
            (
                "l",
                "LI",
                "a list of",
                "result = []",
                "result.append(int(c))",
                "ArrayList<Long> result = new ArrayList<>();",
                "result.add((long) (c - '0'));",
            ),
            (
                "m",
                "I",
                "the largest (or 0 if there are none) of",
                "result = 0",
                "result = max(result, int(c))",
                "long result = 0;",
                "result = Math.max(result, c - '0');",
            ),
            (
                "sq",
                "I",
                "the sum of the squares of",
                "result = 0",
                "result += int(c) ** 2",
                "long result = 0;",
                "result += (c - '0') * (c - '0');",
            ),
        ),
    },
)


family(
    "simulate",
    parameters=[("s", "S")],
    result="$rt",
    inputs=[text_over("UDud+-<>LR", 0, 12)],
    texts=[
        (
            "A counter starts at $st. Each '$up' in $s adds $a to it, each '$dn' subtracts $b, and "
            "other characters do nothing. Return $what."
        ),
        (
            "Starting with the value $st, go through $s: '$up' adds $a, '$dn' takes away $b, anything "
            "else is skipped. Return $what."
        ),
    ],
    python="""
        x = $st
        best = x
        low = x
        for c in $s:
            if c == '$up':
                x += $a
            elif c == '$dn':
                x -= $b
            best = max(best, x)
            low = min(low, x)
        return $r
    """,
    java="""
        long x = $st;
        long best = x;
        long low = x;
        for (char c : $s.toCharArray()) {
            if (c == '$up') {
                x += $a;
            } else if (c == '$dn') {
                x -= $b;
            }
            best = Math.max(best, x);
            low = Math.min(low, x);
        }
        return $r;
    """,
    variants={
        "c": table(
            "id up dn",
            ("UD", "U", "D"),
            ("pm", "+", "-"),
            ("RL", "R", "L"),
            ("ud", "u", "d"),
        ),
        "a": [1, 2, 3],
        "b": [1, 2, 4],
        "st": [0, 5, 10],
        "w": table(
            "id rt what r",
            ("e", "I", "its final value", "x"),
            ("b", "I", "the largest value it ever has", "best"),
            ("l", "I", "the smallest value it ever has", "low"),
            ("sp", "I", "the difference between the largest and the smallest value it ever has", "best - low"),
            ("n", "B", "whether it is ever negative", "low < 0"),
        ),
    },
)


family(
    "title_words",
    parameters=[("s", "S")],
    result="S",
    inputs=[sentence],
    texts=[
        "Return the sentence $s with $what$ew.",
        "The words of $s are separated by single spaces. Return a sentence with $what$ew.",
    ],
    python="""
        result = []
        for w in $s.split():
            result.append($py)
        return '$sep'.join(result$rev)
    """,
    java="""
        ArrayList<String> result = new ArrayList<>();
        for (String w : $s.split(" ")) {
            result.add($ja);
        }
        ${jrev}return String.join("$sep", result);
    """,
    weight=2,
    variants={
        "v": table(
            "id what py ja",
            (
                "cap",
                "the first letter of each word in upper case",
                "w[0].upper() + w[1:]",
                "w.substring(0, 1).toUpperCase() + w.substring(1)",
            ),
            ("rev", "the letters of each word reversed", "w[::-1]", "new StringBuilder(w).reverse().toString()"),
            ("up", "each word in upper case", "w.upper()", "w.toUpperCase()"),
            ("len", "each word replaced by its length", "str(len(w))", "String.valueOf(w.length())"),
            ("pig", "the first letter of each word moved to its end", "w[1:] + w[0]", "w.substring(1) + w.charAt(0)"),
            (
                "last",
                "the last letter of each word in upper case",
                "w[:-1] + w[-1].upper()",
                "w.substring(0, w.length() - 1) + w.substring(w.length() - 1).toUpperCase()",
            ),
            ("ini", "each word replaced by its first letter", "w[0]", "w.substring(0, 1)"),
        ),
        "e": table(
            "id rev jrev sep ew",
            ("", "", "", " ", ""),
            ("r", "[::-1]", ("Collections.reverse(result);\n"), " ", ", and the words in reverse order"),
            ("-", "", "", "-", ", and '-' instead of spaces between the words"),
        ),
    },
)


family(
    "acronym",
    parameters=[("s", "S")],
    result="S",
    inputs=[sentence],
    texts=[
        "Return a string made of the $which letter of each word of $s$cond, $case.",
        "Take the $which letter of every word of $s$cond and join them into one string, $case.",
    ],
    python="""
        result = ''
        for w in $s.split():
            if $c:
                result += $e
        return result$u
    """,
    java="""
        String result = "";
        for (String w : $s.split(" ")) {
            if ($jc) {
                result += $je;
            }
        }
        return result$ju;
    """,
    variants={
        "w": table(
            "id which e je",
            ("f", "first", "w[0]", "w.charAt(0)"),
            ("l", "last", "w[-1]", "w.charAt(w.length() - 1)"),
            ("m", "middle", "w[len(w) // 2]", "w.charAt(w.length() / 2)"),
        ),
        "c": table(
            "id cond c jc",
            ("3", " that has more than 3 letters", "len(w) > 3", "w.length() > 3"),
            ("v", " that does not start with a vowel", "w[0] not in 'aeiou'", '"aeiou".indexOf(w.charAt(0)) < 0'),
            ("e", " that contains 'e'", "'e' in w", 'w.contains("e")'),
            ("od", " that has an odd number of letters", "len(w) % 2 != 0", "w.length() % 2 != 0"),
        ),
        "u": table(
            "id case u ju",
            ("u", "in upper case", ".upper()", ".toUpperCase()"),
            ("s", "unchanged", "", ""),
        ),
    },
)
