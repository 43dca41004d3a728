"""Round-to-nearest quantization of the decoder's linears, as dequantized weights.

Blocks of 64 along K, asymmetric with an integer zero point, scales rounded to fp16; embedding and norms
stay as they are.
"""

import copy

import torch

BLOCK = 64


def rounded(weight, bits, block=BLOCK):
    """The weight [N, K] after quantization to ``bits`` and back, in fp32."""
    rows, columns = weight.shape
    blocks = weight.float().reshape(rows, columns // block, block)
    top = 2**bits - 1
    low, high = blocks.amin(-1, keepdim=True).clamp(max=0), blocks.amax(-1, keepdim=True).clamp(min=0)
    scale = ((high - low) / top).half().float()
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    zero = (-low / scale).round().clamp(0, top)
    codes = (blocks / scale + zero).round().clamp(0, top)
    return ((codes - zero) * scale).reshape(rows, columns)


def rounded_model(model, bits):
    """A copy of the model with all decoder linears rounded."""
    result = copy.deepcopy(model)
    with torch.no_grad():
        for name, parameter in result.named_parameters():
            if name.endswith("_proj.weight"):
                parameter.copy_(rounded(parameter, bits).to(parameter.dtype))
    return result
