"""One setting of a peer: quantizes the checkpoint on the given windows and gives back the linears' dequantized weights, fp32.

Bits, block size 64, asymmetric, integer zero points and no index by column are the same for all; the rest is said by the setting.
"""

import time

import torch

BLOCK = 64

# Everything that is not named here is the peer's own default.
SETTINGS = {
    # The peer of gptq: the plain algorithm, blocks in the order of the columns.
    "gptqmodel": ("GPTQModel", {"act_group_aware": False}),
    # The same with a block's range taken from its weights as they are when the walk comes to it, as gptq takes it: GPTQModel walks over 128
    # columns at once, and takes the second block's range from weights that the first block's errors have not reached yet.
    "gptqmodel-damp-0.01-by-block": ("GPTQModel", {"act_group_aware": False, "damp_percent": 0.01, "columns": BLOCK}),
    # What GPTQModel does when it is asked for nothing: blocks of columns are visited by weight of their activations.
    "gptqmodel-default": ("GPTQModel", {}),
    # Plain again, with the damping of gptq and of the paper; GPTQModel's own is 5 %.
    "gptqmodel-damp-0.01": ("GPTQModel", {"act_group_aware": False, "damp_percent": 0.01}),
    # With its search of the range and its target on full-precision inputs: more than plain GPTQ.
    "gptqmodel-best": ("GPTQModel", {"mse": 2.0, "gptaq": True}),
    # The peer of gptq+: 200 iterations a block.
    "autoround": ("AutoRound", {"iters": 200}),
    # The tool's own recipe "best" (auto-round-best): 1000 iterations; its 512 samples stay the 128 windows that all have.
    "autoround-best": ("AutoRound", {"iters": 1000}),
    # With the extension of its authors for 2 and 3 bits.
    "autoround-ext": ("AutoRound", {"iters": 200, "enable_alg_ext": True}),
}


def quantize(setting, checkpoint, windows, bits, scratch):
    """Returns ({"model.layers.0.self_attn.q_proj.weight": [out, in], ...}, seconds)."""
    kind, options = SETTINGS[setting]
    peer = {"GPTQModel": _gptqmodel, "AutoRound": _autoround}[kind]
    return peer(checkpoint, windows, bits, scratch, options)


def _gptqmodel(checkpoint, windows, bits, scratch, options):
    from gptqmodel import BACKEND, GPTQModel, QuantizeConfig
    from gptqmodel.quantization.config import GPTAQConfig

    options = dict(options)
    _walk_over(options.pop("columns", 128))
    if options.pop("gptaq", False):
        options["gptaq"] = GPTAQConfig()
    # gptq_v2 keeps zero points as they are; the older layout takes one away from each.
    config = QuantizeConfig(
        bits=bits, group_size=BLOCK, sym=False, desc_act=False, format="gptq_v2", offload_to_disk=False, **options
    )
    examples = [{"input_ids": [ids], "attention_mask": [[1] * len(ids)]} for ids in windows]
    model = GPTQModel.load(str(checkpoint), config, device="cpu", dtype=torch.float32)
    began = time.monotonic()
    model.quantize(examples, batch_size=8, calibration_sort=None, backend=BACKEND.AUTO)
    seconds = time.monotonic() - began
    model.save(str(scratch))

    # What it wrote is what counts: read again, and widened by its own plain kernel, which takes no fp32; the scales are, before they
    # multiply.
    stored = GPTQModel.load(str(scratch), device="cpu", backend=BACKEND.GPTQ_TORCH, dtype=torch.float16)
    weights = {}
    for name, module in stored.model.named_modules():
        if hasattr(module, "qweight"):
            module.scales = module.scales.float()
            weights[name + ".weight"] = module.dequantize_weight().T.float().contiguous()
    return weights, seconds


def _walk_over(columns):
    """Columns that GPTQModel rounds between two updates of those behind; no setting of its own says so."""
    from gptqmodel.quantization.gptq import GPTQ

    if columns != 128:
        quantize_linear = GPTQ.quantize
        GPTQ.quantize = lambda self, blocksize=columns: quantize_linear(self, columns)


def _autoround(checkpoint, windows, bits, scratch, options):
    from auto_round import AutoRound
    from transformers import AutoModelForCausalLM, AutoTokenizer

    # fp32 and no mixed precision: in its favour, and the dequantized weights come back unrounded.
    model = AutoModelForCausalLM.from_pretrained(str(checkpoint), dtype=torch.float32)
    options = dict(options)
    rounding = AutoRound(
        model,
        tokenizer=AutoTokenizer.from_pretrained(str(checkpoint)),
        scheme={"bits": bits, "group_size": BLOCK, "sym": False, "data_type": "int"},
        dataset=[torch.tensor([ids]) for ids in windows],
        nsamples=len(windows),
        seqlen=len(windows[0]),
        batch_size=8,
        device_map="cpu",
        amp=False,
        enable_torch_compile=False,
        seed=42,
        **options,
    )
    began = time.monotonic()
    rounded, _ = rounding.quantize()
    seconds = time.monotonic() - began
    state = rounded.state_dict()
    return {
        name: tensor.detach().float()
        for name, tensor in state.items()
        if name.endswith("_proj.weight") and ".layers." in name
    }, seconds
