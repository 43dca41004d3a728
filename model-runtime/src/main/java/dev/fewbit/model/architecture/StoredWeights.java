package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.ExternalTensor;
import dev.fewbit.model.onnx.WeightsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A decoder's weights, each taken from its source and written to the weights file when the first graph asks for it; further graphs are
 * told where it lies.
 */
final class StoredWeights {
    private final WeightSource source;
    private final WeightsFile file;
    private final Map<String, List<StoredMatrix>> matrices = new HashMap<>();
    private final Map<String, ExternalTensor> tensors = new HashMap<>();

    StoredWeights(WeightSource source, WeightsFile file) {
        this.source = source;
        this.file = file;
    }

    /** A norm, in the type it is stored in. */
    ExternalTensor tensor(String name) throws IOException {
        ExternalTensor stored = tensors.get(name);
        if (stored == null) {
            Tensor tensor = source.tensor(name);
            stored = file.write(name, elementType(tensor.dtype()), tensor.shape(), List.of(tensor.data()));
            tensors.put(name, stored);
        }
        return stored;
    }

    /** The embedding. */
    StoredMatrix embedding(String name) throws IOException {
        List<StoredMatrix> stored = matrices.get(name);
        if (stored == null) {
            stored = List.of(write(name, List.of(source.embedding(name))));
            source.written();
            matrices.put(name, stored);
        }
        return stored.getFirst();
    }

    /**
     * Linears over one input: one matrix, outputs one behind the other, where they are of one kind, since fewer and larger
     * multiplications are faster; else one each.
     *
     * @param name of all together
     */
    List<StoredMatrix> linears(String name, List<String> weights) throws IOException {
        List<StoredMatrix> stored = matrices.get(name);
        if (stored == null) {
            stored = writeLinears(name, weights);
            source.written();
            matrices.put(name, stored);
        }
        return stored;
    }

    private List<StoredMatrix> writeLinears(String name, List<String> weights) throws IOException {
        List<LinearWeight> parts = weights.stream().map(source::linear).toList();
        if (uniform(parts)) {
            return List.of(write(name + "_weight", parts));
        }
        List<StoredMatrix> stored = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            stored.add(write(weights.get(i), List.of(parts.get(i))));
        }
        return stored;
    }

    private StoredMatrix write(String name, List<LinearWeight> parts) throws IOException {
        long n = parts.stream().mapToLong(LinearWeight::n).sum();
        return switch (parts.getFirst()) {
            case DenseWeight first ->
                new StoredMatrix.Dense(file.write(
                        name,
                        elementType(first.tensor().dtype()),
                        new long[] {n, first.k()},
                        parts.stream()
                                .map(part -> ((DenseWeight) part).tensor().data())
                                .toList()));
            case BlockQuantizedWeight first -> {
                List<BlockQuantizedWeight> blocks =
                        parts.stream().map(BlockQuantizedWeight.class::cast).toList();
                yield writeCodes(name, first, blocks, n);
            }
        };
    }

    private StoredMatrix writeCodes(String name, BlockQuantizedWeight first, List<BlockQuantizedWeight> parts, long n)
            throws IOException {
        ExternalTensor codes = file.write(
                name + "_codes",
                ElementType.UINT8,
                new long[] {n, first.blocks(), first.blockBytes()},
                segments(parts, BlockQuantizedWeight::codes));
        ExternalTensor scales = file.write(
                name + "_scales",
                ElementType.FLOAT16,
                new long[] {n, first.blocks()},
                segments(parts, BlockQuantizedWeight::scales));
        ExternalTensor zeroPoints = first.zeroPoints() == null
                ? null
                : file.write(
                        name + "_zero_points",
                        ElementType.UINT8,
                        new long[] {n, first.zeroPointBytes()},
                        segments(parts, BlockQuantizedWeight::zeroPoints));
        return new StoredMatrix.Quantized(codes, scales, zeroPoints, first.bits(), first.blockSize(), n, first.k());
    }

    private static boolean uniform(List<LinearWeight> parts) {
        return switch (parts.getFirst()) {
            case DenseWeight first ->
                parts.stream()
                        .allMatch(part -> part instanceof DenseWeight dense
                                && dense.tensor().dtype() == first.tensor().dtype());
            case BlockQuantizedWeight first ->
                parts.stream()
                        .allMatch(part -> part instanceof BlockQuantizedWeight blocks
                                && blocks.bits() == first.bits()
                                && blocks.blockSize() == first.blockSize()
                                && Objects.isNull(blocks.zeroPoints()) == Objects.isNull(first.zeroPoints()));
        };
    }

    private static List<MemorySegment> segments(
            List<BlockQuantizedWeight> parts, Function<BlockQuantizedWeight, MemorySegment> what) {
        return parts.stream().map(what).toList();
    }

    private static ElementType elementType(DType dtype) {
        return switch (dtype) {
            case F32 -> ElementType.FLOAT;
            case F16 -> ElementType.FLOAT16;
            case BF16 -> ElementType.BFLOAT16;
        };
    }
}
