"""Reads the quantized linears of an artifact as docs/formats.md describes them, with nothing but the standard library.

    python3 read_artifact.py ARTIFACT

Prints a line for each MatMulNBits of model.onnx, in the graph's order: bits, N, K, and SHA-256 of its weights [N, K] as little-endian fp32.
"""
import hashlib
import struct
import sys


def fields(data):
    """Number and value of each field of a protobuf message: an int for varints, bytes for what has a length."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
            continue
        length = {1: 8, 2: None, 5: 4}[kind]
        if length is None:
            length = varint()
        yield key >> 3, data[at:at + length]
        at += length


def only(data, number):
    return [value for field, value in fields(data) if field == number]


def main(artifact):
    graph = only(open(artifact + "/model.onnx", "rb").read(), 7)[0]
    weights = open(artifact + "/weights.bin", "rb")
    places = {}
    for tensor in only(graph, 5):
        if only(tensor, 14) == [1]:
            entries = dict((only(e, 1)[0].decode(), only(e, 2)[0].decode()) for e in only(tensor, 13))
            places[only(tensor, 8)[0].decode()] = int(entries["offset"]), int(entries["length"])
    cast_of = {}
    nodes = only(graph, 1)
    for node in nodes:
        if only(node, 4) == [b"Cast"]:
            cast_of[only(node, 2)[0].decode()] = only(node, 1)[0].decode()

    def stored(name):
        offset, length = places[cast_of.get(name, name)]
        weights.seek(offset)
        return weights.read(length)

    for node in nodes:
        if only(node, 4) != [b"MatMulNBits"]:
            continue
        inputs = [name.decode() for name in only(node, 1)]
        attributes = {only(a, 1)[0].decode(): (only(a, 3) or [None])[0] for a in only(node, 5)}
        bits, size, n, k = (attributes[name] for name in ("bits", "block_size", "N", "K"))
        blocks = -(-k // size)
        codes, scales = stored(inputs[1]), stored(inputs[2])
        points = stored(inputs[3]) if len(inputs) > 3 and inputs[3] else None
        row_bytes, point_bytes = blocks * size * bits // 8, -(-blocks * bits // 8)
        mask = (1 << bits) - 1
        digest = hashlib.sha256()
        for row in range(n):
            # One little-endian number a row: code i stands at bits [i * bits, (i + 1) * bits).
            number = int.from_bytes(codes[row * row_bytes:(row + 1) * row_bytes], "little")
            zero = int.from_bytes(points[row * point_bytes:(row + 1) * point_bytes], "little") if points else 0
            values = []
            for column in range(k):
                block = column // size
                scale = struct.unpack_from("<e", scales, 2 * (row * blocks + block))[0]
                point = zero >> block * bits & mask if points else 1 << bits - 1
                values.append(((number >> column * bits & mask) - point) * scale)
            digest.update(struct.pack("<%df" % k, *values))
        print(bits, n, k, digest.hexdigest())


main(sys.argv[1])
