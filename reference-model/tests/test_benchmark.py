"""The benchmark as it is in the repository: size, strata, form, canonical solutions, and that it can be made again."""

import json
import subprocess
import sys
import unittest
from collections import Counter

from context import BENCHMARK

from generator import benchmark
from generator.families import FAMILIES
from generator.rendering import JAVA_STOPS, PYTHON_STOPS

FIELDS = (
    "name language prompt doctests original prompt_terminology tests stop_tokens canonical key family stratum"
).split()


class BenchmarkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.records = benchmark.read(BENCHMARK)

    def test_both_languages_have_the_same_problems(self):
        python, java = self.records["py"], self.records["java"]
        for field in ("name", "key", "family", "stratum"):
            self.assertEqual([r[field] for r in python], [r[field] for r in java])
        self.assertEqual(420, len({r["name"] for r in python}))
        self.assertEqual(420, len({r["key"] for r in python}))

    def test_strata_have_the_stated_sizes(self):
        strata = Counter(r["stratum"] for r in self.records["py"])
        self.assertEqual({"family": 150, "single": 90, "two-stage": 120, "three-stage": 60}, dict(strata))

    def test_at_least_eighty_hand_written_families_occur(self):
        families = {r["family"] for r in self.records["py"] if r["stratum"] == "family"}
        self.assertLessEqual(families, set(FAMILIES))
        self.assertGreaterEqual(len(families), 80)

    def test_records_have_the_form_of_multipl_e(self):
        for language, stops in (("py", PYTHON_STOPS), ("java", JAVA_STOPS)):
            for record in self.records[language]:
                self.assertEqual(FIELDS, list(record))
                self.assertEqual(language, record["language"])
                self.assertEqual(stops, record["stop_tokens"])
                for stop in stops:
                    self.assertNotIn(stop, record["canonical"] + "\n")
        for record in self.records["java"]:
            self.assertTrue(record["tests"].startswith("    }\n    public static void main(String[] args) {\n"))
            self.assertTrue(record["prompt"].endswith(" {\n"))

    def test_every_test_program_has_several_checks_with_different_results(self):
        for record in self.records["py"]:
            results = [line.split(") == ", 1)[1] for line in record["tests"].split("\n") if "    assert " in line]
            self.assertGreaterEqual(len(results), 2, record["name"])
            self.assertGreaterEqual(len(set(results)), 2, record["name"])

    def test_python_canonical_solutions_pass(self):
        programs = [r["prompt"] + r["canonical"] + "\n" + r["tests"] for r in self.records["py"]]
        self.assertEqual([], [r["name"] for r, ok in zip(self.records["py"], _passes(programs)) if not ok])

    def test_a_wrong_solution_fails(self):
        programs = [r["prompt"] + "    return None\n" + r["tests"] for r in self.records["py"]]
        self.assertFalse(any(_passes(programs)))

    def test_the_generator_makes_the_same_bytes_again(self):
        made = benchmark.lines()
        for name, lines in zip(("python.jsonl", "java.jsonl"), made):
            self.assertEqual((BENCHMARK / name).read_text(encoding="utf-8"), "".join(lines), name)


_RUN_ALL = """
import json, sys
for program in json.load(sys.stdin):
    try:
        exec(compile(program, "program", "exec"), {"__name__": "program"})
        print("pass")
    except AssertionError:
        print("fail")
"""


def _passes(programs):
    """Runs programs of our own generator in one other Python process."""
    output = subprocess.run(
        [sys.executable, "-c", _RUN_ALL], input=json.dumps(programs), capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(output) == len(programs), output[-3:]
    return [verdict == "pass" for verdict in output]


if __name__ == "__main__":
    unittest.main()
