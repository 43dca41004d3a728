"""Makes tokenizers constructed as those of CodeLlama, DeepSeek-Coder, Qwen2.5-Coder and SmolLM2 are, with small vocabularies, and records
golden ids of Python's tokenizers library. The published files cannot be had where this was made.

  record.py OUT TEXT...      (trains on the texts; writes NAME.json and golden.json into OUT)
"""
import json
import pathlib
import sys

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SIZE = 700
# GPT-4's expression as Qwen2 has it: one digit a piece.
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SAMPLES = [
    "def add(a, b):\n    return a + b\n", "    x = 1234567\n\t\ty = 0x1F", " leading and trailing ", "", "\n\n\n", "if n%2==0: # na\u00efve \u2603 \U0001f600",
    "public static void main(String[] args) {\n    }\n", "it's we'll I'M", "\u4e2d\u6587\uff0c\u30c6\u30b9\u30c8", "a\r\nb", "<s>not a token</s>", "  two  spaces   three",
]


def llama(texts):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"]
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=special + ["<0x%02X>" % byte for byte in range(256)], show_progress=False, limit_alphabet=70)
    tokenizer.train_from_iterator([line for text in texts for line in text.split("\n")], trainer)
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [token for token in data["added_tokens"] if token["content"] in special]
    tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return tokenizer


def byte_level(texts, pre, special, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=[], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in special])
    return tokenizer


def main():
    out = pathlib.Path(sys.argv[1])
    texts = [pathlib.Path(path).read_text() for path in sys.argv[2:]]
    qwen_split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    deepseek_split = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"[\r\n]"), "isolated"), pre_tokenizers.Split(Regex(r"\s?\p{L}+"), "isolated"), pre_tokenizers.Split(Regex(r"\s?\p{P}+"), "isolated"),
        pre_tokenizers.Split(Regex(r"[\u4e00-\u9fff]+"), "isolated"), pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    smollm_split = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    deepseek = byte_level(texts, deepseek_split, ["<\uff5cbegin\u2581of\u2581sentence\uff5c>", "<\uff5cend\u2581of\u2581sentence\uff5c>"])
    first = deepseek.token_to_id("<\uff5cbegin\u2581of\u2581sentence\uff5c>")
    deepseek.post_processor = processors.TemplateProcessing(single="<\uff5cbegin\u2581of\u2581sentence\uff5c> $A", special_tokens=[("<\uff5cbegin\u2581of\u2581sentence\uff5c>", first)])
    made = {
        "llama": llama(texts), "deepseek": deepseek,
        "qwen": byte_level(texts, qwen_split, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], normalizers.NFC()),
        "smollm": byte_level(texts, smollm_split, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]),
    }
    golden = {"tokenizers": tokenizers.__version__, "cases": []}
    for name, tokenizer in made.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        (out / name / "tokenizer.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")) + "\n")
        for text in SAMPLES:
            ids = tokenizer.encode(text).ids
            golden["cases"].append({"tokenizer": name, "text": text, "ids": ids, "without": tokenizer.encode(text, add_special_tokens=False).ids, "decoded": tokenizer.decode(ids)})
    (out / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=None).replace("}, {", "},\n{") + "\n")


main()
