"""Generates the data, trains the tokenizer and the model, and writes checkpoints.

    python3 -m training.train --out DIR --benchmark BENCHMARK [--text DIR] [--problems N] [--snapshots STEPS] ...

The learning rate stays constant on the trunk; at each step of ``--snapshots`` a branch decays it to zero and is saved
as DIR/STEPS, so that one run gives models of several skills. DIR/training-programs.bin holds the digests of all
training programs.
"""

import argparse
import json
import os
import tempfile
import time
from multiprocessing import get_context

import numpy as np

from generator.benchmark import canonical_digests
from generator.program_index import pack
from training import data
from training.tokenizer import CONTEXT, save_tokenizer, train_tokenizer

_START = time.time()
WARM_UP = 150
REAL_TEXT_FOR_TOKENIZER = 60
_PATHS = ("out", "benchmark", "text", "forbidden_ngrams")


def log(*parts):
    """A line with the seconds since the start."""
    print(f"[{time.time() - _START:6.1f}s]", *parts, flush=True)


def prepare(options):
    """Generates, trains the tokenizer, encodes: (tokenizer, ids, weights, facts)."""
    forbidden = canonical_digests(options.benchmark)
    facts = {"problems": options.problems, "shards": options.shards, "seed": options.seed}
    with tempfile.TemporaryDirectory() as folder, get_context("fork").Pool(os.cpu_count()) as pool:
        count = options.problems // options.shards
        jobs = [(options.seed, shard, count, forbidden, folder) for shard in range(options.shards)]
        paths, digests, keys = [], set(), set()
        for path, shard_digests, shard_keys in pool.imap(data.generate_shard, jobs):
            paths.append(path)
            digests |= shard_digests
            keys |= shard_keys
        facts |= {"differentPrograms": len(digests), "differentKeys": len(keys)}
        log("generated", facts)
        with open(os.path.join(options.out, "training-programs.bin"), "wb") as file:
            file.write(pack(digests))
        real = data.read_real_text(options.text, options.seed) if options.text else []
        documents = [text for path in paths[:4] for pair in data.read_shard(path)[0][:10000] for text in pair]
        tokenizer = train_tokenizer(documents + real[:REAL_TEXT_FOR_TOKENIZER], options.vocabulary)
        save_tokenizer(tokenizer, options.out)
        tokenizer_path = os.path.join(options.out, "tokenizer.json")
        log("tokenizer", tokenizer.get_vocab_size())
        if options.forbidden_ngrams:
            found = set().union(*pool.map(_shared_ngrams, [(path, options.forbidden_ngrams) for path in paths]))
            log("ten-word sequences shared with the public benchmarks:", len(found), sorted(found)[:20])
            facts["sharedNgrams"] = sorted(found)
        encoded = pool.map(data.encode_shard, [(path, tokenizer_path) for path in paths], chunksize=1)
    real_ids = [encoding.ids for encoding in tokenizer.encode_batch(real, add_special_tokens=False)]
    lengths = np.concatenate([lengths for _, _, lengths in encoded])
    facts |= {
        "problemTokens": int(lengths.sum()),
        "meanPrompt": float(lengths[:, 0].mean()),
        "meanSolution": float(lengths[:, 1].mean()),
        "longest": int(lengths.sum(axis=1).max()),
        "realTokens": sum(map(len, real_ids)),
    }
    log("encoded", facts)
    return (*data.pack(encoded, real_ids, options.real_share if real else 0, options.seed), facts)


def _shared_ngrams(job):
    from evaluation.contamination import shared

    path, ngrams = job
    return shared(data.read_shard(path)[1], ngrams)


class Trainer:
    """The model, its optimizer and the stream of batches."""

    def __init__(self, options, ids, weights):
        import torch

        from training.model import Config, LanguageModel

        self.torch, self.options = torch, options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.set_float32_matmul_precision("high")
        torch.manual_seed(options.seed)
        config = Config(
            vocab_size=options.vocabulary,
            hidden_size=options.hidden,
            intermediate_size=options.intermediate,
            num_hidden_layers=options.layers,
            num_attention_heads=options.heads,
            num_key_value_heads=options.key_heads,
        )
        self.model = LanguageModel(config).to(self.device)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        matrices = [p for p in self.trained if p.dim() == 2]
        vectors = [p for p in self.trained if p.dim() < 2]
        groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.95), fused=self.device == "cuda")
        self.compiled = torch.compile(self.model) if self.device == "cuda" else self.model
        self.ids = torch.from_numpy(ids).to(self.device)
        self.weights = torch.from_numpy(weights).to(self.device)
        self.sequences = (len(ids) - 1) // CONTEXT
        self.order, self.at, self.steps, self.passes = None, self.sequences, 0, -1

    def step(self, rate):
        """One step at a learning rate; returns the loss."""
        torch = self.torch
        x, targets, weights = self._batch()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(self.device, dtype=torch.bfloat16):
            loss = self.compiled(x, targets, weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        return loss

    def _batch(self):
        torch, batch = self.torch, self.options.batch
        if self.at + batch > self.sequences:
            self.order, self.at = torch.randperm(self.sequences, device=self.device), 0
            self.passes += 1
        starts = self.order[self.at : self.at + batch] * CONTEXT
        self.at += batch
        places = starts[:, None] + torch.arange(CONTEXT + 1, device=self.device)
        tokens = self.ids[places].long()
        return tokens[:, :-1], tokens[:, 1:], self.weights[places[:, 1:]].float() / data.FULL_WEIGHT

    def trunk_to(self, step):
        """Trains at the constant rate until ``step``."""
        started, first = time.time(), self.steps
        while self.steps < step:
            loss = self.step(self.options.rate * min(1, (self.steps + 1) / WARM_UP))
            if self.steps % 250 == 0:
                speed = (self.steps - first) * self.options.batch * CONTEXT / (time.time() - started)
                log(f"step {self.steps} passes {self.passes} loss {loss.item():.4f} tokens/s {speed:.0f}")

    def branch(self, length, folder):
        """Decays the rate to zero over ``length`` steps, saves, and returns to the trunk's state."""
        torch = self.torch
        kept = [p.detach().clone() for p in self.trained]
        moments = [
            {k: v.clone() if torch.is_tensor(v) else v for k, v in self.optimizer.state[p].items()}
            for p in self.trained
        ]
        steps = self.steps
        for number in range(length):
            loss = self.step(self.options.rate * (1 - (number + 1) / length))
        save_checkpoint(self.model, self.options.out, folder)
        log(f"snapshot {folder}: {steps} + {length} steps, loss {loss.item():.4f}")
        with torch.no_grad():
            for parameter, value, state in zip(self.trained, kept, moments):
                parameter.copy_(value)
                self.optimizer.state[parameter].update(state)
        self.steps = steps


def save_checkpoint(model, out, folder):
    """Writes a checkpoint folder with the tokenizer's files."""
    from training.model import save

    save(model, folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json"):
        with open(os.path.join(out, name), "rb") as source, open(os.path.join(folder, name), "wb") as target:
            target.write(source.read())


def train(options):
    """The whole run; returns the folders of the snapshots."""
    os.makedirs(options.out, exist_ok=True)
    ids, weights, facts = prepare(options)
    log("training tokens", len(ids))
    trainer = Trainer(options, ids, weights)
    log("parameters", sum(p.numel() for p in trainer.model.parameters()))
    folders = []
    for steps in map(int, options.snapshots.split(",")):
        decay = max(1, round(steps * options.decay))
        trainer.trunk_to(steps - decay)
        folder = os.path.join(options.out, str(steps))
        trainer.branch(decay, folder)
        folders.append(folder)
        arguments = {name: value for name, value in vars(options).items() if name not in _PATHS}
        record = {**facts, "steps": steps, "tokens": steps * options.batch * CONTEXT, "arguments": arguments}
        with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
            json.dump(record, file, indent=2)
            file.write("\n")
    return folders


def parse(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--benchmark", required=True, help="folder whose programs must not occur in training")
    parser.add_argument("--text", help="folder of *.jsonl.gz with a text field: real text, optional")
    parser.add_argument("--real-share", type=float, default=0.06)
    parser.add_argument("--forbidden-ngrams", help="file of evaluation.contamination: ten-word sequences to look for")
    parser.add_argument("--problems", type=int, default=320_000)
    parser.add_argument("--shards", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--snapshots", default="600,1200,2400,4800", help="steps after which a decayed model is saved")
    parser.add_argument("--decay", type=float, default=0.3, help="share of a snapshot's steps in which the rate falls")
    parser.add_argument("--batch", type=int, default=128, help="sequences of 1024 tokens")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--vocabulary", type=int, default=2048)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--intermediate", type=int, default=704)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--key-heads", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    train(parse())
