#!/usr/bin/env python3
"""Tiny random checkpoints of every architecture, and the logits of `transformers` on them: what the graphs are held against.

usage, from anywhere, with torch, transformers 5 and safetensors installed (CPU is enough, a minute):
    python3 model-runtime/src/test/resources/dev/fewbit/model/transformers/architectures/make_fixtures.py [NAME ...]

Each folder NAME holds
    config.json         the published configuration of `source`, with only sizes reduced (vocabulary, widths, heads, layers, lengths, windows)
    model*.safetensors  random weights, as a checkpoint of that architecture names and fuses them
    tokenizer.json      the smallest there is; nothing is tokenized here
    logits.bin          as make_fixture.py one folder up has it, over sequences.json of this folder
The model runs in float32 with eager attention; its 16-bit weights are widened. `without` are changes of the configuration that must
move the logits by more than 0.01: a fixture that would not notice them would show nothing.
"""
import json, pathlib, shutil, struct, sys
import torch, transformers
from safetensors.torch import save_file

SEQUENCES, LENGTH, VALUES, VOCABULARY = 8, 48, 8, 80

# Published values that are no sizes are copied; what a fixture reduces stands first.
SMALL = dict(vocab_size=VOCABULARY, hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=3,
             num_key_value_heads=1, max_position_embeddings=128, bos_token_id=1, eos_token_id=2)


def llama(**more):
    return dict(SMALL, architectures=["LlamaForCausalLM"], model_type="llama", hidden_act="silu", rms_norm_eps=1e-5,
                tie_word_embeddings=False, **more)


FIXTURES = {
    # name: (source, configuration, without)
    "codellama": ("codellama/CodeLlama-7b-hf", llama(rope_theta=1000000), [dict(rope_theta=10000)]),
    "deepseek-coder": (
        "deepseek-ai/deepseek-coder-1.3b-base",
        dict(llama(rope_theta=100000, rope_scaling={"type": "linear", "factor": 4.0}), rms_norm_eps=1e-6),
        [dict(rope_scaling=None)]),
    "llama-3": (
        "meta-llama/Llama-3.2-1B",
        dict(llama(rope_theta=500000.0, rope_scaling={
            "factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 40,
            "rope_type": "llama3"}), tie_word_embeddings=True),
        [dict(rope_scaling=None)]),
    "mistral": (
        "mistralai/Mistral-7B-v0.1",
        dict(SMALL, architectures=["MistralForCausalLM"], model_type="mistral", hidden_act="silu", rms_norm_eps=1e-5,
             rope_theta=10000.0, sliding_window=16, tie_word_embeddings=False),
        [dict(sliding_window=None), dict(sliding_window=15), dict(sliding_window=17)]),
    "qwen2.5-coder": (
        "Qwen/Qwen2.5-Coder-1.5B",
        dict(SMALL, architectures=["Qwen2ForCausalLM"], model_type="qwen2", hidden_act="silu", rms_norm_eps=1e-6,
             rope_theta=1000000.0, use_sliding_window=False, sliding_window=16, max_window_layers=1,
             tie_word_embeddings=True),
        [dict(rope_theta=10000.0), dict(use_sliding_window=True)]),
    "qwen2-windowed": (
        "Qwen/Qwen2-7B, with use_sliding_window switched on as its documentation describes",
        dict(SMALL, architectures=["Qwen2ForCausalLM"], model_type="qwen2", hidden_act="silu", rms_norm_eps=1e-6,
             num_hidden_layers=3, rope_theta=1000000.0, use_sliding_window=True, sliding_window=16, max_window_layers=1,
             tie_word_embeddings=False),
        [dict(max_window_layers=0), dict(max_window_layers=2), dict(use_sliding_window=False)]),
    "qwen3": (
        "Qwen/Qwen3-0.6B",
        dict(SMALL, architectures=["Qwen3ForCausalLM"], model_type="qwen3", hidden_act="silu", rms_norm_eps=1e-6,
             head_dim=32, num_attention_heads=2, rope_theta=1000000, attention_bias=False, use_sliding_window=False,
             sliding_window=None, max_window_layers=2, tie_word_embeddings=True),
        [dict(rope_theta=10000)]),
    "starcoder2": (
        "bigcode/starcoder2-3b",
        dict(SMALL, architectures=["Starcoder2ForCausalLM"], model_type="starcoder2", hidden_act="gelu_pytorch_tanh",
             mlp_type="default", norm_type="layer_norm", norm_epsilon=1e-5, rope_theta=999999.4420358813,
             sliding_window=16, use_bias=True),
        [dict(sliding_window=None), dict(rope_theta=10000.0)]),
    "gpt-bigcode": (
        "bigcode/starcoderbase-1b",
        dict(vocab_size=VOCABULARY, n_embd=48, n_head=3, n_inner=192, n_layer=2, n_positions=64, bos_token_id=0, eos_token_id=0,
             architectures=["GPTBigCodeForCausalLM"], model_type="gpt_bigcode", activation_function="gelu_pytorch_tanh",
             layer_norm_epsilon=1e-5, multi_query=True, scale_attn_weights=True, attention_softmax_in_fp32=True,
             scale_attention_softmax_in_fp32=True),
        [dict(activation_function="relu")]),
    "phi-3-mini": (
        "microsoft/Phi-3-mini-4k-instruct",
        dict(SMALL, architectures=["Phi3ForCausalLM"], model_type="phi3", hidden_act="silu", rms_norm_eps=1e-5,
             num_key_value_heads=3, max_position_embeddings=64, original_max_position_embeddings=64, rope_theta=10000.0,
             rope_scaling=None, sliding_window=31, tie_word_embeddings=False, pad_token_id=0),
        [dict(sliding_window=None)]),
    "phi-4-mini": (
        "microsoft/Phi-4-mini-instruct",
        dict(SMALL, architectures=["Phi3ForCausalLM"], model_type="phi3", hidden_act="silu", rms_norm_eps=1e-5,
             hidden_size=128, intermediate_size=40, num_attention_heads=2, max_position_embeddings=2048,
             original_max_position_embeddings=64, partial_rotary_factor=0.75, rope_theta=10000.0,
             rope_scaling={"type": "longrope", "short_factor": [1.0 + 0.02 * i for i in range(24)],
                           "long_factor": [1.0 + 1.5 * i for i in range(24)]},
             sliding_window=262144, tie_word_embeddings=True, pad_token_id=0),
        [dict(partial_rotary_factor=1.0, rope_scaling=None), dict(max_position_embeddings=64),
         dict(rope_scaling={"type": "longrope", "short_factor": [1.0] * 24, "long_factor": [1.0 + 1.5 * i for i in range(24)]})]),
    "gemma": (
        "google/gemma-2b, its architecture also google/codegemma-2b's",
        dict(SMALL, architectures=["GemmaForCausalLM"], model_type="gemma", hidden_act="gelu", rms_norm_eps=1e-6, head_dim=32,
             num_attention_heads=2, rope_theta=10000.0, attention_bias=False, pad_token_id=0),
        [dict(hidden_act="silu")]),
    "gemma-2": (
        "google/gemma-2-2b",
        dict(SMALL, architectures=["Gemma2ForCausalLM"], model_type="gemma2", hidden_act="gelu_pytorch_tanh",
             hidden_activation="gelu_pytorch_tanh", rms_norm_eps=1e-6, head_dim=32, num_attention_heads=2, num_hidden_layers=3,
             rope_theta=10000.0, attention_bias=False, query_pre_attn_scalar=24, attn_logit_softcapping=50.0,
             final_logit_softcapping=30.0, sliding_window=16, pad_token_id=0),
        [dict(attn_logit_softcapping=None), dict(final_logit_softcapping=None), dict(sliding_window=128),
         dict(query_pre_attn_scalar=32)]),
    "granite": (
        "ibm-granite/granite-3.0-2b-base",
        dict(SMALL, architectures=["GraniteForCausalLM"], model_type="granite", hidden_act="silu", rms_norm_eps=1e-5,
             rope_theta=10000, attention_bias=False, mlp_bias=False, attention_multiplier=0.1, embedding_multiplier=12.0,
             residual_multiplier=0.22, logits_scaling=8.0, tie_word_embeddings=True),
        [dict(attention_multiplier=0.25), dict(embedding_multiplier=1.0), dict(residual_multiplier=1.0),
         dict(logits_scaling=1.0)]),
}

TOKENIZER = {"version": "1.0", "truncation": None, "padding": None, "normalizer": None, "pre_tokenizer": None,
             "post_processor": None, "decoder": None, "added_tokens": [],
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}

here = pathlib.Path(__file__).resolve().parent


def weights(model, config, seed):
    """Random values that make attention sharp enough for positions, windows and caps to show."""
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and model.config.tie_word_embeddings:
            continue
        noise = torch.randn(tensor.shape, generator=generator)
        if tensor.dim() == 1:
            norm = "norm" in name or "ln_" in name
            ones = norm and name.endswith("weight") and not config["model_type"].startswith("gemma")
            value = noise * 0.2 + (1 if ones else 0)
        elif "embed" in name or "wte" in name or "wpe" in name:
            value = noise * 0.5 * (48 / tensor.shape[1]) ** 0.5
        elif any(part in name for part in ("q_proj", "k_proj", "qkv_proj", "c_attn")):
            value = noise * 0.3 * (48 / tensor.shape[1])
        else:
            value = noise * 0.15 * min(1, (80 / tensor.shape[1]) ** 0.5)
        state[name] = value.to(dtype(config, name, tensor))
    return state


def dtype(config, name, tensor):
    """One checkpoint mixes its types; the others are bf16 or fp16 as their sources are."""
    if config["model_type"] == "qwen2" and config["use_sliding_window"]:
        return torch.float32 if "norm" in name else torch.float16 if tensor.dim() == 1 else torch.bfloat16
    return torch.float16 if config["model_type"] in ("gpt_bigcode", "mistral") else torch.bfloat16


def logits(directory, config, sequences):
    (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    model = transformers.AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        return model(torch.tensor(sequences)).logits


def write(name, seed, sequences):
    source, config, without = FIXTURES[name]
    directory = here / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    model = transformers.AutoModelForCausalLM.from_config(
        transformers.AutoConfig.for_model(**{k: v for k, v in config.items() if k != "architectures"}))
    state = weights(model, config, seed)
    metadata = {"format": "pt", "source": source}
    if name == "qwen2-windowed":
        names = sorted(state)
        shards = [names[i::3] for i in range(3)]
        files = {f"model-{i + 1:05d}-of-00003.safetensors": shard for i, shard in enumerate(shards)}
        for file, shard in files.items():
            save_file({n: state[n] for n in shard}, directory / file, metadata)
        index = {"metadata": {}, "weight_map": {n: file for file, shard in files.items() for n in shard}}
        (directory / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")
    else:
        save_file(state, directory / "model.safetensors", metadata)
    (directory / "tokenizer.json").write_text(json.dumps(TOKENIZER) + "\n")
    for change in without:
        other = logits(directory, dict(config, **change), sequences)
        moved = (other - logits(directory, config, sequences)).abs().max().item()
        assert moved > 0.01, f"{name}: {change} moves logits by {moved} only"
    all_logits = logits(directory, config, sequences)
    with open(directory / "logits.bin", "wb") as out:
        for rows in all_logits:
            for position, row in enumerate(rows):
                best = int(row.argmax())
                tokens = [(position + i * (VOCABULARY // VALUES)) % VOCABULARY for i in range(VALUES)]
                out.write(struct.pack(f"<i{VALUES + 2}f", best, row[best], torch.logsumexp(row, 0), *row[tokens].tolist()))
    size = sum(file.stat().st_size for file in directory.iterdir())
    assert size < 300_000, f"{name}: {size} bytes"
    print(f"{name}: {size} bytes, largest logit {all_logits.abs().max().item():.1f}, of {source}")


torch.set_num_threads(1)
draw = torch.Generator().manual_seed(20261125)
ids = torch.randint(0, VOCABULARY, (SEQUENCES, LENGTH), generator=draw).tolist()
made = {"torch": torch.__version__, "transformers": transformers.__version__}
(here / "sequences.json").write_text(json.dumps({"vocabulary": VOCABULARY, "values": VALUES, "made": made, "sequences": ids}) + "\n")
for seed, fixture in enumerate(FIXTURES):
    if len(sys.argv) == 1 or fixture in sys.argv[1:]:
        write(fixture, seed, ids)
