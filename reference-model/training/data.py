"""Training data: problems generated in shards by all cores, encoded and packed into one stream of token ids."""

import glob
import gzip
import json
import os
import pickle
import random

import numpy as np

from generator.training_text import program_digests, shard_seed, training_problems
from training.tokenizer import BOS, EOS

PROMPT_WEIGHT, FULL_WEIGHT = 20, 100  # of the loss, in percent
_PIECE = 900


def generate_shard(job):
    """Generates one shard, writes its (prompt, solution) texts to a file and returns (path, digests, keys)."""
    seed, shard, count, forbidden, folder = job
    documents, texts, digests, keys = [], [], set(), set()
    for rendered in training_problems(shard_seed(seed, shard), count, forbidden):
        documents.append((rendered.python.prompt, rendered.python.canonical + "\n"))
        documents.append((rendered.java.prompt, rendered.java.canonical + "\n    }\n}\n"))
        texts.append(rendered.problem.text)
        digests |= program_digests(rendered.problem)
        keys.add(rendered.problem.key)
    path = os.path.join(folder, f"shard-{shard:03d}.pickle")
    with open(path, "wb") as file:
        pickle.dump((documents, texts), file)
    return path, digests, keys


def read_shard(path):
    """A shard that we wrote: its (prompt, solution) texts and the task sentences."""
    with open(path, "rb") as file:
        return pickle.load(file)


def encode_shard(job):
    """Encodes a shard: (token ids, loss weights, document lengths) as arrays."""
    from tokenizers import Tokenizer

    path, tokenizer_path = job
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    tokenizer = Tokenizer.from_file(tokenizer_path)
    documents, _ = read_shard(path)
    prompts = tokenizer.encode_batch([prompt for prompt, _ in documents])
    solutions = tokenizer.encode_batch([solution for _, solution in documents], add_special_tokens=False)
    ids, weights, lengths = [], [], []
    for prompt, solution in zip(prompts, solutions):
        ids += [*prompt.ids, *solution.ids, EOS]
        weights += [PROMPT_WEIGHT] * len(prompt.ids) + [FULL_WEIGHT] * (len(solution.ids) + 1)
        lengths.append((len(prompt.ids), len(solution.ids) + 1))
    return np.array(ids, dtype=np.int16), np.array(weights, dtype=np.uint8), np.array(lengths)


def read_real_text(folder, seed):
    """The ``text`` fields of all ``*.jsonl.gz`` files of a folder, shuffled."""
    texts = []
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            texts += [json.loads(line)["text"] for line in file]
    random.Random(seed).shuffle(texts)
    return texts


def pack(encoded, real_ids, real_share, seed):
    """One shuffled stream of documents: (ids, weights). Real text is repeated or cut to its share of the tokens."""
    documents = []
    for ids, weights, lengths in encoded:
        ends = np.cumsum(lengths.sum(axis=1))
        documents += list(zip(np.split(ids, ends[:-1]), np.split(weights, ends[:-1])))
    pieces = [
        np.array([BOS, *ids[start : start + _PIECE], EOS], dtype=np.int16)
        for ids in real_ids
        for start in range(0, len(ids), _PIECE)
    ]
    wanted = real_share / (1 - real_share) * sum(len(ids) for ids, _, _ in encoded)
    total = at = 0
    while pieces and total < wanted:
        piece = pieces[at % len(pieces)]
        documents.append((piece, np.full(len(piece), FULL_WEIGHT, dtype=np.uint8)))
        total, at = total + len(piece), at + 1
    order = np.random.default_rng(seed).permutation(len(documents))
    return (np.concatenate([documents[i][side] for i in order]) for side in (0, 1))
