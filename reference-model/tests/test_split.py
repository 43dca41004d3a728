"""Nothing of the benchmark is in the training text, and the file of training programs is honest."""

import io
import json
import tokenize
import unittest

from context import BENCHMARK, PROGRAM_INDEX, RUN_FACTS

from generator import benchmark
from generator.families import FAMILIES
from generator.normal_form import PYTHON_TOKEN, digest, normal_form
from generator.program_index import ProgramIndex, pack
from generator.split import held_out_family_keys
from generator.training_text import program_digests, shard_seed, training_problems

SLICES = {0: 250, 21: 250, 42: 250, 63: 250}  # shard -> its first problems
LANGUAGES = {"py": "python", "java": "java"}


class SplitTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.records = benchmark.read(BENCHMARK)
        cls.index = ProgramIndex.read(PROGRAM_INDEX)
        forbidden = benchmark.canonical_digests(BENCHMARK)
        cls.facts = json.loads((RUN_FACTS).read_text(encoding="utf-8"))
        cls.training = [
            rendered.problem
            for shard, count in SLICES.items()
            for rendered in training_problems(shard_seed(cls.facts["seed"], shard), count, forbidden)
        ]

    def test_no_canonical_solution_equals_a_training_program_after_renaming(self):
        found = [
            record["name"]
            for language, records in self.records.items()
            for record in records
            if digest(record["canonical"], LANGUAGES[language]) in self.index
        ]
        self.assertEqual([], found)

    def test_the_program_index_holds_every_program_of_regenerated_slices(self):
        self.assertEqual(self.facts["differentPrograms"], self.index.size)
        missing = [p.key for p in self.training for d in program_digests(p) if d not in self.index]
        self.assertEqual([], missing)

    def test_renamed_training_programs_are_found(self):
        for problem in self.training[:200]:
            renamed = problem.python.replace("result", "something").replace("total", "thing")
            self.assertIn(digest(renamed, "python"), self.index, renamed)

    def test_no_benchmark_key_is_composed_in_training(self):
        held_out = {record["key"] for record in self.records["py"]}
        composed = {key for problem in self.training for key in [problem.key, *problem.part_keys]}
        self.assertEqual(set(), held_out & composed)
        self.assertGreater(len(composed), 1000)

    def test_benchmark_families_are_held_out_keys(self):
        keys = {record["key"] for record in self.records["py"] if record["stratum"] == "family"}
        self.assertLessEqual(keys, held_out_family_keys())
        for family in FAMILIES.values():
            self.assertFalse(set(family.keys(True)) & set(family.keys(False)), family.name)

    def test_slices_depend_on_the_seed_alone(self):
        forbidden = benchmark.canonical_digests(BENCHMARK)
        again = training_problems(shard_seed(self.facts["seed"], 0), 50, forbidden)
        self.assertEqual([p.text for p in self.training[:50]], [rendered.problem.text for rendered in again])


class NormalFormTest(unittest.TestCase):
    def test_names_and_constants_do_not_matter(self):
        first = "    total = 0\n    for x in xs:\n        if x > 5:\n            total += x\n    return total"
        second = "    s = 10\n    for item in data:\n        if item > 7:\n            s += item\n    return s"
        self.assertEqual(normal_form(first, "python"), normal_form(second, "python"))
        java = 'long a = 0; for (long x : xs) { a += x * 2; } return "p" + a;'
        other = 'long sum = 1; for (long y : ys) { sum += y * 3; } return "q" + sum;'
        self.assertEqual(normal_form(java, "java"), normal_form(other, "java"))

    def test_operators_library_names_and_structure_matter(self):
        for language, one, other in (
            ("python", "return max(a, b)", "return min(a, b)"),
            ("python", "return a + b", "return a - b"),
            ("python", "return a + b * a", "return a + b * b"),
            ("python", "if a:\n    b = 1\nreturn b", "if a:\n    b = 1\n    return b"),
            ("java", "return a.get(0) < b;", "return a.get(0) <= b;"),
            ("java", "return Math.max(a, b);", "return Math.min(a, b);"),
        ):
            self.assertNotEqual(normal_form(one, language), normal_form(other, language), one)

    def test_the_lexer_agrees_with_the_one_of_python(self):
        layout = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
        for record in benchmark.read(BENCHMARK)["py"]:
            source = "def f():\n" + record["canonical"] + "\n"
            expected = [
                t.string for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.type not in layout
            ]
            found = [match.group() for match in PYTHON_TOKEN.finditer(source)]
            split = [part for token in found for part in ([":", ":"] if token == "::" else [token])]  # [::-1]
            self.assertEqual(expected, split)

    def test_the_index_finds_what_was_packed_and_nothing_else(self):
        digests = {bytes([1, 2, 3, 4, number]) for number in range(0, 200, 2)} | {b"\xff" * 5}
        index = ProgramIndex(pack(digests))
        self.assertEqual(101, index.size)
        self.assertTrue(all(value in index for value in digests))
        self.assertNotIn(bytes([1, 2, 3, 4, 1]), index)


if __name__ == "__main__":
    unittest.main()
