package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.ExternalTensor;
import dev.fewbit.model.onnx.WeightsFile;
import dev.fewbit.model.packing.CodePacking;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * An artifact's tensors on their way to another weights file, as they are or in a wider layout of the same values. What several graphs,
 * or several tensors of one, share is written once.
 */
final class WidenedWeights implements AutoCloseable {
    private final ExternalWeights source;
    private final WeightsFile target;
    private final Map<String, ExternalTensor> written = new HashMap<>();
    /** By the place in the source. */
    private final Map<Place, ExternalTensor> copied = new HashMap<>();

    private long narrowBytes;
    private long wideBytes;

    private record Place(long offset, long length) {}

    WidenedWeights(Path artifact, Path directory) throws IOException {
        source = new ExternalWeights(artifact.resolve(DecoderGraph.WEIGHTS_FILE));
        target = WeightsFile.create(directory.resolve(DecoderGraph.WEIGHTS_FILE));
    }

    /** Bytes, in the source, of the tensors that were widened to 4 bits. */
    long narrowBytes() {
        return narrowBytes;
    }

    /** Bytes of the same tensors as they are written. */
    long wideBytes() {
        return wideBytes;
    }

    /** A tensor as it is. */
    TensorProto copy(TensorProto tensor) throws IOException {
        ExternalTensor known = written.get(tensor.getName());
        if (known == null) {
            MemorySegment bytes = source.read(tensor);
            Place place = new Place(bytes.address(), bytes.byteSize());
            ExternalTensor same = copied.get(place);
            if (same == null) {
                same = target.write(
                        tensor.getName(), ElementType.ofNumber(tensor.getDataType()), shape(tensor), List.of(bytes));
                copied.put(place, same);
            }
            known = same.as(tensor.getName(), shape(tensor));
            written.put(tensor.getName(), known);
        }
        return known.proto();
    }

    /** Codes of 2 or 3 bits in the 4-bit layout, under their name. */
    TensorProto codesIn4Bits(TensorProto codes, int bits, int blockSize, boolean symmetric) throws IOException {
        ExternalTensor known = written.get(codes.getName());
        if (known == null) {
            long n = codes.getDims(0);
            long blocks = codes.getDims(1);
            long blockBytes = (long) blockSize * CodePacking.WIDE_BITS / Byte.SIZE;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment wide = arena.allocate(n * blocks * blockBytes);
                CodePacking.expandTo4Bits(source.read(codes), bits, n * blocks * blockSize, symmetric, wide);
                known = widened(codes, wide, n, blocks, blockBytes);
            }
        }
        return known.proto();
    }

    /** Zero points of 2 or 3 bits in the 4-bit layout, under their name. */
    TensorProto zeroPointsIn4Bits(TensorProto zeroPoints, int bits, long n, long blocks) throws IOException {
        ExternalTensor known = written.get(zeroPoints.getName());
        if (known == null) {
            byte[] wide = CodePacking.expandZeroPointsTo4Bits(
                    source.read(zeroPoints).toArray(ValueLayout.JAVA_BYTE),
                    bits,
                    Math.toIntExact(n),
                    Math.toIntExact(blocks));
            known = widened(zeroPoints, MemorySegment.ofArray(wide), n, wide.length / n);
        }
        return known.proto();
    }

    /**
     * The weights that codes stand for, {@code [n, k]}, under the codes' name with {@code _fp32} or {@code _fp16} behind it.
     *
     * @param type fp32, or fp16, to which each weight is rounded as CUDA's kernels round it
     */
    TensorProto dense(
            TensorProto codes,
            TensorProto scales,
            TensorProto zeroPoints,
            int bits,
            int blockSize,
            int k,
            ElementType type)
            throws IOException {
        String name = codes.getName() + (type == ElementType.FLOAT ? "_fp32" : "_fp16");
        ExternalTensor known = written.get(name);
        if (known == null) {
            int n = Math.toIntExact(codes.getDims(0));
            BlockQuantizedWeight weight = new BlockQuantizedWeight(
                    bits,
                    blockSize,
                    n,
                    k,
                    source.read(codes),
                    source.read(scales),
                    zeroPoints == null ? null : source.read(zeroPoints));
            try (Arena arena = Arena.ofShared()) {
                MemorySegment dense = arena.allocate((long) n * k * Float.BYTES);
                weight.dequantizeOnAllProcessors(dense);
                MemorySegment stored = type == ElementType.FLOAT ? dense : rounded(dense, arena);
                known = target.write(name, type, new long[] {n, k}, List.of(stored));
            }
            written.put(name, known);
        }
        return known.proto();
    }

    private static MemorySegment rounded(MemorySegment floats, Arena arena) {
        MemorySegment halves = arena.allocate(floats.byteSize() / 2);
        LongStream.range(0, halves.byteSize() / Short.BYTES)
                .parallel()
                .forEach(i -> halves.setAtIndex(
                        ValueLayout.JAVA_SHORT_UNALIGNED,
                        i,
                        Float.floatToFloat16(floats.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i))));
        return halves;
    }

    private ExternalTensor widened(TensorProto narrow, MemorySegment wide, long... shape) throws IOException {
        ExternalTensor tensor = target.write(narrow.getName(), ElementType.UINT8, shape, List.of(wide));
        narrowBytes += source.read(narrow).byteSize();
        wideBytes += wide.byteSize();
        written.put(narrow.getName(), tensor);
        return tensor;
    }

    private static long[] shape(TensorProto tensor) {
        return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void close() throws IOException {
        try (source) {
            target.close();
        }
    }
}
