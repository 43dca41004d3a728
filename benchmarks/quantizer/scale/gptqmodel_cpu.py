"""GPTQModel's plain GPTQ on a checkpoint, on the processor: one line of JSON with the seconds. Setting as ../peers/peers.py has it."""

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))
# Its progress goes to standard output, which is for the result.
OUTPUT = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import torch  # noqa: E402

import texts  # noqa: E402


def main(checkpoint):
    from gptqmodel import BACKEND, GPTQModel, QuantizeConfig

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    root = texts.repository()
    windows = texts.calibration_windows(checkpoint / "tokenizer.json", root / "reference-model" / "texts" / "calibration-code.jsonl.gz")
    config = QuantizeConfig(bits=4, group_size=64, sym=False, desc_act=False, format="gptq_v2", offload_to_disk=False, act_group_aware=False)
    examples = [{"input_ids": [ids], "attention_mask": [[1] * len(ids)]} for ids in windows]
    model = GPTQModel.load(str(checkpoint), config, device="cpu", dtype=torch.float32)
    began = time.monotonic()
    model.quantize(examples, batch_size=8, calibration_sort=None, backend=BACKEND.AUTO)
    print(json.dumps({"version": version("gptqmodel"), "seconds": time.monotonic() - began}), file=OUTPUT, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
