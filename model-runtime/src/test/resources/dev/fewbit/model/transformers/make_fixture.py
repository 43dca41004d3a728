#!/usr/bin/env python3
"""Logits and greedy completions of `transformers` on a checkpoint: what the ONNX graph is held against.

usage, from the repository's root, with torch and transformers installed (CPU is enough, a minute):
    python3 model-runtime/src/test/resources/dev/fewbit/model/transformers/make_fixture.py

It reads reference-model/checkpoint and reference-model/benchmark/{python,java}.jsonl (other places: --checkpoint, --benchmarks) and
writes beside itself
    sequences.json  {"vocabulary", "values", "made": {...}, "sequences": [[token ids, 400 each] x 8]}
    logits.bin      little-endian, for each sequence, for each position: int32 argmax, float32 logit of the argmax, float32
                    log-sum-exp, then `values` float32 logits of the tokens (position + i * vocabulary / values) % vocabulary
    greedy.json     [{"problem", "prompt": [ids], "completion": [ids]}]: generate(do_sample=False), the end token included
The model runs in float32, its 16-bit weights widened. All 400 positions of a sequence stand for prompts of 1 to 400 tokens, since
attention is causal.
"""
import argparse, json, pathlib, struct
import torch, transformers

SEQUENCES, LENGTH, VALUES, GREEDY, NEW_TOKENS = 8, 400, 32, 24, 160

here = pathlib.Path(__file__).resolve().parent
root = next(p for p in here.parents if (p / "model-runtime").is_dir())
parser = argparse.ArgumentParser()
parser.add_argument("--checkpoint", type=pathlib.Path, default=root / "reference-model" / "checkpoint")
parser.add_argument("--benchmarks", type=pathlib.Path, default=root / "reference-model" / "benchmark")
args = parser.parse_args()

torch.set_num_threads(2)
tokenizer = transformers.AutoTokenizer.from_pretrained(args.checkpoint)
model = transformers.AutoModelForCausalLM.from_pretrained(args.checkpoint, dtype=torch.float32, attn_implementation="eager").eval()
vocabulary = model.config.vocab_size
problems = []
for language in ("python", "java"):
    records = [json.loads(line) for line in open(args.benchmarks / f"{language}.jsonl")]
    step = len(records) // (GREEDY // 2)
    # A problem has the same name in both languages.
    problems += [dict(r, name=f"{language}/{r['name']}") for r in records[::step][: GREEDY // 2]]

# Sequences: problems with their canonical solutions where there is one, one behind the other, a different start each.
texts = [p["prompt"] + p.get("canonical", "") for p in problems]
sequences = []
for s in range(SEQUENCES):
    ids = []
    for text in texts[s:] + texts[:s]:
        ids += tokenizer(text)["input_ids"]
    sequences.append(ids[:LENGTH])

with torch.no_grad(), open(here / "logits.bin", "wb") as out:
    for ids in sequences:
        logits = model(torch.tensor([ids])).logits[0]
        for position in range(LENGTH):
            row = logits[position]
            best = int(row.argmax())
            tokens = [(position + i * (vocabulary // VALUES)) % vocabulary for i in range(VALUES)]
            out.write(struct.pack(f"<i{VALUES + 2}f", best, row[best], torch.logsumexp(row, 0), *row[tokens].tolist()))
    greedy = []
    for problem in problems:
        prompt = tokenizer(problem["prompt"])["input_ids"]
        ids = model.generate(torch.tensor([prompt]), do_sample=False, temperature=None, top_p=None, top_k=None, max_new_tokens=NEW_TOKENS)
        greedy.append({"problem": problem["name"], "prompt": prompt, "completion": ids[0, len(prompt):].tolist()})

made = {"torch": torch.__version__, "transformers": transformers.__version__}
json.dump({"vocabulary": vocabulary, "values": VALUES, "made": made, "sequences": sequences}, open(here / "sequences.json", "w"))
json.dump(greedy, open(here / "greedy.json", "w"))
print(f"{SEQUENCES} sequences of {LENGTH} tokens, {len(greedy)} greedy completions")
