"""Texts for calibration and for measuring have nothing in common, and are small."""

import gzip
import hashlib
import json
import unittest

from context import ROOT

TEXTS = ROOT / "texts"
CALIBRATION = ("calibration-code", "calibration-text")
HELD_OUT = ("heldout-code", "heldout-text")


def documents(name):
    with gzip.open(TEXTS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def digests(names):
    return [hashlib.sha256(text.encode()).hexdigest() for name in names for text in documents(name)]


class TextsTest(unittest.TestCase):
    def test_no_document_is_in_both(self):
        calibration, held_out = digests(CALIBRATION), digests(HELD_OUT)
        self.assertEqual(640 + 26, len(calibration))
        self.assertEqual(480 + 90, len(held_out))
        self.assertEqual(set(), set(calibration) & set(held_out))

    def test_no_document_occurs_twice(self):
        for name in (*CALIBRATION, *HELD_OUT):
            found = digests([name])
            self.assertEqual(len(found), len(set(found)), name)

    def test_prose_is_one_book_for_calibration_and_another_for_measuring(self):
        self.assertTrue(all("Newton" in source for source in self.sources("calibration-text")))
        self.assertTrue(all("Twain" in source for source in self.sources("heldout-text")))

    def test_books_are_cut_clean(self):
        for name in ("calibration-text", "heldout-text"):
            for text in documents(name):
                self.assertNotIn("Gutenberg", text)
                self.assertNotIn("Produced by", text)

    def test_they_are_small(self):
        self.assertLess(sum(path.stat().st_size for path in TEXTS.iterdir()), 1_000_000)

    @staticmethod
    def sources(name):
        with gzip.open(TEXTS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            return [json.loads(line)["source"] for line in file]


if __name__ == "__main__":
    unittest.main()
