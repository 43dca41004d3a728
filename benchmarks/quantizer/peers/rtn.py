"""Round to nearest as docs/formats.md has it, computed apart from Fewbit: what this measurement is checked with."""

import torch


def round_linears(state, bits, block):
    return {name: round_blocks(w, bits, block) for name, w in state.items() if name.endswith("_proj.weight")}


def round_blocks(weight, bits, block):
    """`weight` [rows, columns], columns a multiple of `block`; asymmetric."""
    rows, columns = weight.shape
    blocks = weight.double().reshape(rows, columns // block, block)
    lowest, highest = blocks.amin(-1, keepdim=True).clamp(max=0), blocks.amax(-1, keepdim=True).clamp(min=0)
    scale = rounded_up((highest - lowest) / (2**bits - 1))
    zero_point = (-lowest / scale).round()
    codes = ((blocks / scale).round() + zero_point).clamp(0, 2**bits - 1)
    return ((codes - zero_point) * scale).reshape(rows, columns).float()


def rounded_up(scale):
    """The next fp16 that is not smaller; 1 for a block of zeros."""
    nearest = scale.half()
    above = torch.nextafter(nearest, torch.full_like(nearest, torch.inf))
    return torch.where(scale == 0, 1.0, torch.where(nearest.double() < scale, above, nearest).double())
