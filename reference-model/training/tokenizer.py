"""The byte-level BPE tokenizer: newlines, runs of spaces, words, single digits and signs are never merged together."""

import json
import os

BOS, EOS = 0, 1
CONTEXT = 1024
_PATTERN = r"\n| ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|[^\S\n]+(?!\S)|[^\S\n]+"


def train_tokenizer(texts, size):
    """Trains a tokenizer of ``size`` tokens that puts the start token before every text."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", BOS)]
    )
    return tokenizer


def save_tokenizer(tokenizer, folder):
    """Writes tokenizer.json, tokenizer_config.json and generation_config.json."""
    tokenizer.save(os.path.join(folder, "tokenizer.json"))
    _write(
        folder,
        "tokenizer_config.json",
        tokenizer_class="PreTrainedTokenizerFast",
        bos_token="<s>",
        eos_token="</s>",
        add_bos_token=True,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )
    _write(
        folder,
        "generation_config.json",
        bos_token_id=BOS,
        eos_token_id=EOS,
        do_sample=True,
        temperature=0.2,
        top_p=0.95,
        top_k=50,
        max_new_tokens=300,
    )


def _write(folder, name, **content):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
