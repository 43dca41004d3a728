"""onnxruntime's MatMulNBitsQuantizer on the MatMuls of a checkpoint: one line of JSON with the seconds.

  matmulnbits.py CHECKPOINT MODEL OUT [--bits 4] [--block-size 64]

MODEL is made when it is missing (not timed): a MatMul [K, N] with an fp16 weight for each decoder linear, all that the quantizer looks at. It
knows fp32 and fp16; the second is half as much to read.
"""
import argparse
import json
import pathlib
import struct
import time

import numpy
import onnx
from onnx import TensorProto, helper


def linears(checkpoint):
    """Names and fp16 values [out, in] of the decoder's linears."""
    index = json.loads((checkpoint / "model.safetensors.index.json").read_text())["weight_map"]
    for shard in sorted(set(index.values())):
        with open(checkpoint / shard, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            base = file.tell()
            for name, entry in header.items():
                if name.endswith("_proj.weight"):
                    file.seek(base + entry["data_offsets"][0])
                    raw = numpy.frombuffer(file.read(entry["data_offsets"][1] - entry["data_offsets"][0]), dtype=numpy.uint16)
                    values = (raw.astype(numpy.uint32) << 16).view(numpy.float32)
                    yield name, values.reshape(entry["shape"]).astype(numpy.float16)


def make(checkpoint, path):
    path.parent.mkdir(parents=True)
    nodes, inputs, outputs, initializers = [], {}, [], []
    at = 0
    with open(path.parent / "weights.bin", "wb") as data:
        for name, value in linears(checkpoint):
            n, k = value.shape
            raw = numpy.ascontiguousarray(value.T).tobytes()
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT16, dims=[k, n], data_location=TensorProto.EXTERNAL)
            for key, text in (("location", "weights.bin"), ("offset", str(at)), ("length", str(len(raw)))):
                tensor.external_data.add(key=key, value=text)
            data.write(raw)
            at += len(raw)
            initializers.append(tensor)
            source = "x%d" % k
            inputs[source] = helper.make_tensor_value_info(source, TensorProto.FLOAT16, ["tokens", k])
            outputs.append(helper.make_tensor_value_info(name + "_out", TensorProto.FLOAT16, ["tokens", n]))
            nodes.append(helper.make_node("MatMul", [source, name], [name + "_out"], name=name + "_matmul"))
    graph = helper.make_graph(nodes, "linears", list(inputs.values()), outputs, initializers)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--bits", type=int, default=4)
    parser.add_argument("--block-size", type=int, default=64)
    options = parser.parse_args()
    if not options.model.exists():
        make(options.checkpoint, options.model)
    import onnxruntime
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    options.out.mkdir(parents=True)
    began, cpu = time.monotonic(), time.process_time()
    model = onnx.load(options.model)
    loaded = time.monotonic()
    quantizer = MatMulNBitsQuantizer(model, bits=options.bits, block_size=options.block_size, is_symmetric=False)
    quantizer.process()
    processed = time.monotonic()
    quantizer.model.save_model_to_file(str(options.out / "model.onnx"), use_external_data_format=True)
    saved = time.monotonic()
    print(json.dumps({
        "version": onnxruntime.__version__, "load": loaded - began, "quantize": processed - loaded, "save": saved - processed,
        "seconds": saved - began, "cpuSeconds": time.process_time() - cpu,
        "bytes": sum(file.stat().st_size for file in options.out.iterdir()),
    }))


if __name__ == "__main__":
    main()
