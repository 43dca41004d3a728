"""Measures a checkpoint on the benchmark.

    python3 -m evaluation.measure complete CHECKPOINT BENCHMARK OUT.jsonl.gz [--bits 16,8,4,3,2] [--samples 5]
    python3 -m evaluation.measure judge BENCHMARK COMPLETIONS.jsonl.gz... [--languages py,java]

The first samples completions (on a GPU if there is one), the second runs them and prints one JSON line for each width
and language: pass@1 with its standard error over problems, by stratum, and how many problems pass c of n times.
"""

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict

from evaluation.judges import cut, judge, make_pool, program
from generator import benchmark


def completion_rows(model, tokenizer, records, bits, samples, decoding):
    """Completions of both languages as rows {"bits", "language", "no", "sample", "completion"}."""
    from evaluation.completions import complete

    rows, prompts = [], []
    for language, problems in records.items():
        for number, record in enumerate(problems):
            ids = tokenizer.encode(record["prompt"]).ids
            for sample in range(samples):
                rows.append({"bits": bits, "language": language, "no": number, "sample": sample})
                prompts.append(ids)
    for row, ids in zip(rows, complete(model, prompts, decoding)):
        stops = records[row["language"]][row["no"]]["stop_tokens"]
        row["completion"] = cut(tokenizer.decode(ids), stops)
        row["tokens"] = len(ids)
    return rows


def judged(records, rows, languages, pool):
    """One summary for each (bits, language) of the rows."""
    groups = defaultdict(list)
    for row in rows:
        if row["language"] in languages:
            groups[row["bits"], row["language"]].append(row)
    for language in languages:
        keys = [key for key in groups if key[1] == language]
        every = [row for key in keys for row in groups[key]]
        passed = judge(language, [program(records[language][r["no"]], r["completion"]) for r in every], pool)
        for row, verdict in zip(every, passed):
            row["passed"] = verdict
        for key in keys:
            yield {"bits": key[0], "language": language, **summary(records[language], groups[key])}


def summary(records, rows):
    """pass@1, its standard error over problems, by stratum, and the counts of problems that pass c of n times."""
    passes = defaultdict(list)
    for row in rows:
        passes[row["no"]].append(row["passed"])
    shares = {number: sum(verdicts) / len(verdicts) for number, verdicts in passes.items()}
    strata = defaultdict(list)
    for number, share in shares.items():
        strata[records[number]["stratum"]].append(share)
    return {
        "passAt1": round(_mean(shares.values()), 4),
        "standardError": round(_standard_error(list(shares.values())), 4),
        "strata": {name: round(_mean(values), 3) for name, values in sorted(strata.items())},
        "passedOfN": dict(sorted(Counter(sum(verdicts) for verdicts in passes.values()).items())),
        "meanTokens": round(_mean(row["tokens"] for row in rows), 1),
    }


def _mean(values):
    values = list(values)
    return sum(values) / len(values)


def _standard_error(values):
    mean = _mean(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))


def write_rows(path, rows):
    """Writes completions as gzip'd JSON lines."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


def read_rows(path):
    """Reads what ``write_rows`` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _complete(options):
    import torch
    from tokenizers import Tokenizer

    from evaluation.completions import Decoding
    from evaluation.rounding import rounded_model
    from training.model import load

    on_gpu = torch.cuda.is_available()
    model = load(options.checkpoint, "cuda" if on_gpu else "cpu", torch.float32)
    tokenizer = Tokenizer.from_file(options.checkpoint + "/tokenizer.json")
    records, rows = benchmark.read(options.benchmark), []
    decoding = Decoding(temperature=options.temperature, rows=2048 if on_gpu else 128)
    for bits in map(int, options.bits.split(",")):
        changed = model if bits == 16 else rounded_model(model, bits)
        rows += completion_rows(changed, tokenizer, records, bits, options.samples, decoding)
    write_rows(options.out, rows)


def _judge(options):
    records, pool = benchmark.read(options.benchmark), make_pool()
    for path in options.completions:
        for line in judged(records, read_rows(path), options.languages.split(","), pool):
            print(json.dumps({"file": path, **line}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    complete = commands.add_parser("complete")
    complete.add_argument("checkpoint")
    complete.add_argument("benchmark")
    complete.add_argument("out")
    complete.add_argument("--bits", default="16,8,4,3,2")
    complete.add_argument("--samples", type=int, default=5)
    complete.add_argument("--temperature", type=float, default=0.2)
    complete.set_defaults(run=_complete)
    judging = commands.add_parser("judge")
    judging.add_argument("benchmark")
    judging.add_argument("completions", nargs="+")
    judging.add_argument("--languages", default="py,java")
    judging.set_defaults(run=_judge)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
