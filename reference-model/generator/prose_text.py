"""Public-domain prose: ``python3 -m generator.prose_text TEXTS_DIR OPTICKS.txt TOM_SAWYER.txt``.

Writes ``calibration-text.jsonl.gz`` (Newton, Opticks, 4th edition of 1730) and ``heldout-text.jsonl.gz`` (Twain, The Adventures of Tom
Sawyer, 1876). The books are cut at empty lines and otherwise left as they are; the lines about who made the electronic text are left
out, and so are passages with a racial slur. Where the books come from and their SHA-256: ``texts/SOURCE.md``.
"""

import gzip
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

SLUR = re.compile(r"\bn[i]gg", re.IGNORECASE)


@dataclass(frozen=True)
class Book:
    """A book, and how it is cut: pieces of ``shortest`` to ``longest`` characters, others left out, ``most`` pieces at most."""

    name: str
    sha256: str
    first_line: str
    behind: str
    shortest: int
    longest: int
    most: int


# Pieces longer than a window of 4096 tokens of a large vocabulary, as windows are drawn inside one piece.
OPTICKS = Book(
    "Isaac Newton, Opticks, 1730",
    "d4a9ac22462b35e7821a4f2706c211093da678620a8f9997989ee7cf8d507bbd",
    "SIR ISAAC NEWTON'S ADVERTISEMENTS",
    "",
    20_000,
    40_000,
    1_000,
)
# Pieces that fit into the reference model's context whole.
TOM_SAWYER = Book(
    "Mark Twain, The Adventures of Tom Sawyer, 1876",
    "2a17996ae0fbb92571233a11f490f92a9bceb852468acb894d70c70a1e44b770",
    "CHAPTER I",
    "End of the Project Gutenberg EBook",
    900,
    2_000,
    90,
)


def documents(book, path):
    """The pieces of a book, in its order."""
    raw = Path(path).read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    if digest != book.sha256:
        raise SystemExit(f"{path}: SHA-256 is {digest}; {book.name} is {book.sha256}")
    text = raw.decode("utf-8").replace("\r\n", "\n")
    text = text[text.index("\n" + book.first_line + "\n") + 1 :]
    if book.behind:
        text = text[: text.index(book.behind)]
    pieces = [p for p in _pieces(text, book.shortest) if len(p) <= book.longest and not SLUR.search(p)]
    for number, piece in enumerate(pieces[: book.most]):
        yield {"text": piece, "source": f"{book.name} #{number + 1}", "licence": "public domain", "kind": "text"}


def _pieces(text, shortest):
    piece = ""
    for paragraph in re.split(r"\n{2,}", text.strip()):
        piece += paragraph.strip("\n") + "\n\n"
        if len(piece) >= shortest:
            yield piece.rstrip("\n") + "\n"
            piece = ""


def write(path, lines):
    """One packed JSONL file, the same bytes each time."""
    with open(path, "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write("".join(json.dumps(line) + "\n" for line in lines).encode())


def main():
    folder = Path(sys.argv[1])
    write(folder / "calibration-text.jsonl.gz", documents(OPTICKS, sys.argv[2]))
    write(folder / "heldout-text.jsonl.gz", documents(TOM_SAWYER, sys.argv[3]))


if __name__ == "__main__":
    main()
