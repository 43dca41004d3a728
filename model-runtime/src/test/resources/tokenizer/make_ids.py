"""Writes ids.json: texts with the ids of Hugging Face's own tokenizers library. See README.md."""

import json
import sys

import tokenizers

TEXTS = [
    "",
    " ",
    "\n",
    "a",
    "hello world",
    "  leading and trailing  ",
    "def add(a, b):\n    return a + b\n",
    "\tif x:\n\t\ty = 1\r\n\r\n",
    "class Problem {\n    public static long sum(ArrayList<Long> xs) {\n        return 0L;\n    }\n}\n",
    "x = [i ** 2 for i in range(10) if i % 2 == 0]  # squares",
    'print(f"{value:>10.3f}\\t{name!r}")',
    "0123456789 3.14159 0xFF 1_000_000 -7e-3",
    "snake_case camelCase PascalCase SCREAMING_SNAKE __dunder__",
    "==!=<=>=&&||??->=>::...",
    "()[]{}<>;:,.'\"`~!@#$%^&*-_=+\\|/?",
    "\u00e9\u00e8\u00fc\u00df \u0141\u00f3d\u017a na\u00efve",
    "e\u0301 is not \u00e9",
    "\u4f60\u597d\uff0c\u4e16\u754c",
    "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440",
    "\u0645\u0631\u062d\u0628\u0627",
    "\U0001f600\U0001f469\u200d\U0001f4bb\U0001f1e9\U0001f1ea",
    "\u0000 nul and \u001b[0m escape and \u007f",
    "\u00a0no-break\u2003em\u3000ideographic\u200bzero",
    "\ufeffbom \ufffd replacement \U0010ffff last",
    "\u2028line separator\u2029paragraph",
    "spaces   in    runs     of      growing       length",
    "\n\n\n\n    \n  \n",
    "trailing newline and spaces\n    ",
    "don't can't won't it's I'd they've",
    # Longer than 512 tokens: wrappers like to cut there.
    "".join(f"def f{i}(x):\n    return x * {i} + {i * i}\n\n" for i in range(120)),
]


def main():
    tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
    tokenizer.no_truncation()
    tokenizer.no_padding()
    cases = []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        cases.append(
            {
                "text": text,
                "ids": ids,
                "idsWithoutSpecialTokens": tokenizer.encode(text, add_special_tokens=False).ids,
                "decoded": tokenizer.decode(ids, skip_special_tokens=True),
            }
        )
    document = {
        "tokenizers": tokenizers.__version__,
        "vocabularySize": tokenizer.get_vocab_size(with_added_tokens=True),
        "cases": cases,
    }
    print("{")
    print(f' "tokenizers": {json.dumps(document["tokenizers"])},')
    print(f' "vocabularySize": {document["vocabularySize"]},')
    print(' "cases": [')
    print(",\n".join("  " + json.dumps(case) for case in cases))
    print(" ]\n}")


main()
