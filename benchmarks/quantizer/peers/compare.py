"""Commands of `run`: one line of the table at a time, so that each peer starts in a process of its own."""

import json
import os
import platform
import re
import sys
import tempfile
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import torch

import measure
import peers
import rtn
import texts

RESULTS = Path(__file__).resolve().parent / "results"
ROOT = texts.repository()
CHECKPOINT = ROOT / "reference-model" / "checkpoint"
TOKENIZER = CHECKPOINT / "tokenizer.json"
CALIBRATION = ROOT / "reference-model" / "texts" / "calibration-code.jsonl.gz"
HELD_OUT = ROOT / "reference-model" / "texts" / "heldout-code.jsonl.gz"
# Largest relative difference between this measurement and the artifact's own.
AGREEMENT = 0.01
# The peers print their progress to standard output, which is for ours: theirs goes to standard error.
OUTPUT = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def main(arguments):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    match arguments:
        case ["ours", artifact, seconds]:
            ours(Path(artifact), float(seconds))
        case ["peer", setting, bits]:
            peer(setting, int(bits))
        case ["table"]:
            table()
        case _:
            raise SystemExit(__doc__)


def ours(artifact, seconds):
    """What an artifact says of itself; of rtn it is measured again, which is the check of this measurement."""
    manifest = json.loads((artifact / "fewbit.json").read_text())
    recipe, fidelity = manifest["recipe"], manifest["fidelity"]["code"]
    calibration = manifest["provenance"]["calibrationDigest"]
    if calibration is not None and calibration != texts.digest(windows()):
        raise SystemExit(f"{artifact}: was calibrated on other windows: {calibration}")
    result = {"seconds": round(seconds, 1), "version": manifest["provenance"]["toolVersion"], **fidelity}
    if recipe["method"] == "rtn":
        again = fidelity_of(lambda state: rtn.round_linears(state, recipe["bits"], recipe["block_size"]))
        result["klMeanMeasuredHere"] = again["klMean"]
        if abs(again["klMean"] / fidelity["klMean"] - 1) > AGREEMENT:
            raise SystemExit(f"rtn {recipe['bits']} bits: KL {again['klMean']} here, {fidelity['klMean']} in fewbit.json")
    record(f"fewbit {recipe['method']}", recipe["bits"], result)


def peer(setting, bits):
    if setting not in peers.SETTINGS:
        raise SystemExit(f"unknown setting {setting}; allowed: {', '.join(peers.SETTINGS)}")
    seconds = None

    def quantized(state):
        nonlocal seconds
        with tempfile.TemporaryDirectory() as scratch:
            weights, seconds = peers.quantize(setting, CHECKPOINT, windows(), bits, Path(scratch) / "quantized")
        return weights

    fidelity = fidelity_of(quantized)
    package = {"GPTQModel": "gptqmodel", "AutoRound": "auto-round"}[peers.SETTINGS[setting][0]]
    record(setting, bits, {"seconds": round(seconds, 1), "version": version(package), **fidelity})


def windows():
    return texts.calibration_windows(TOKENIZER, CALIBRATION)


def fidelity_of(quantize):
    """Measures the checkpoint with the linears in whose place `quantize(state)` gives others."""
    model = measure.load(CHECKPOINT)
    documents = texts.held_out(TOKENIZER, HELD_OUT)
    reference = measure.log_probabilities(model, documents)
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    replaced = quantize(state)
    linears = {name for name in state if name.endswith("_proj.weight")}
    if set(replaced) != linears:
        raise SystemExit(f"not the checkpoint's linears: {sorted(linears ^ set(replaced))}")
    model.load_state_dict(state | replaced)
    return {name: float(f"{value:.5g}") for name, value in measure.compare(reference, model, documents).items()}


def record(name, bits, result):
    file = RESULTS / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    results["machine"] = machine()
    results["calibrationDigest"] = texts.digest(windows())
    results.setdefault("rows", {}).setdefault(name, {})[str(bits)] = result | {"date": f"{datetime.now(timezone.utc):%F}"}
    RESULTS.mkdir(exist_ok=True)
    file.write_text(json.dumps(results, indent=2) + "\n")
    print(f"{name}, {bits} bits: KL {result['klMean']:.5f}, {result['seconds']:.0f} s", file=OUTPUT, flush=True)


def machine():
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    libraries = {name: version(name) for name in ("torch", "transformers", "gptqmodel", "auto-round")}
    return {"cpu": cpu, "cores": os.cpu_count(), "python": platform.python_version(), **libraries}


def table():
    results = json.loads((RESULTS / "results.json").read_text())
    facts = results["machine"]
    lines = [
        f"{facts['cores']} cores of an {facts['cpu']} (AVX-512); torch {facts['torch']}, transformers {facts['transformers']}, "
        f"gptqmodel {facts['gptqmodel']}, auto-round {facts['auto-round']}. Written by `benchmarks/quantizer/peers/run`.",
        "",
        f"Calibration windows `{results['calibrationDigest'][:12]}…`, 128 x 512.",
        "",
        "| bits | method | KL | KL 99 % | same top token | perplexity | seconds | date |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for bits in sorted({int(b) for row in results["rows"].values() for b in row}, reverse=True):
        measured = {name: row[str(bits)] for name, row in results["rows"].items() if str(bits) in row}
        for name, row in sorted(measured.items(), key=lambda item: -item[1]["klMean"]):
            lines.append(
                f"| {bits} | {name} | {row['klMean']:.5f} | {row['klP99']:.4f} | {row['top1Agreement']:.4f} | "
                f"{row['perplexity']:.4f} | {row['seconds']:.0f} | {row['date']} |"
            )
    (RESULTS / "results.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines), file=OUTPUT)


if __name__ == "__main__":
    main(sys.argv[1:])
