"""Where the tests find the packages and the files of the reference model."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARK, CHECKPOINT = ROOT / "benchmark", ROOT / "checkpoint"
RUN_FACTS = ROOT / "training" / "run.json"
PROGRAM_INDEX = ROOT / "training" / "training-programs.bin"
sys.path.insert(0, str(ROOT))
