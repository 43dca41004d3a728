package dev.fewbit.quantizer.planning;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.DenseWeight;
import dev.fewbit.model.architecture.LinearWeight;
import dev.fewbit.model.architecture.WeightSource;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.TensorShape;
import dev.fewbit.model.packing.CodePacking;
import dev.fewbit.quantizer.footprint.Footprint;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Weights of the kinds and sizes that a recipe gives, with nothing in them: they may be laid out and counted, not read. */
final class ShapeWeights implements WeightSource {
    private final DecoderSpec decoder;
    private final Recipe recipe;
    private final Footprint footprint;
    private final Map<String, LinearSpec> linears = new HashMap<>();
    private final Map<String, TensorShape> tensors = new HashMap<>();

    /** @param footprint counts the linears, and tables where they are quantized */
    ShapeWeights(DecoderSpec decoder, Recipe recipe, Footprint footprint) {
        this.decoder = decoder;
        this.recipe = recipe;
        this.footprint = footprint;
        decoder.linears().forEach(linear -> linears.put(linear.weight(), linear));
        decoder.tables().forEach(table -> tensors.put(table.name(), table));
        decoder.others().forEach(tensor -> tensors.put(tensor.name(), tensor));
    }

    @Override
    public LinearWeight linear(String name) {
        LinearSpec linear = linears.get(name);
        if (linear == null) {
            return table(name);
        }
        int bits = recipe.bitsOf(name);
        LinearWeight weight = bits == Recipe.BASELINE_BITS
                ? new DenseWeight(tensor(new TensorShape(name, List.of(linear.n(), linear.k()))))
                : codes(bits, linear.n(), linear.k());
        footprint.addLinear(weight);
        return weight;
    }

    @Override
    public LinearWeight embedding(String name) {
        return table(name);
    }

    private LinearWeight table(String name) {
        TensorShape shape = tensors.get(name);
        if (recipe.embeddingBits() == Recipe.BASELINE_BITS) {
            return new DenseWeight(tensor(shape));
        }
        BlockQuantizedWeight codes = codes(
                recipe.embeddingBits(), shape.shape().getFirst(), shape.shape().getLast());
        if (name.equals(Architecture.HEAD)) {
            footprint.addHead(codes);
        } else {
            footprint.addEmbedding(codes, decoder.head().tied());
        }
        return codes;
    }

    @Override
    public Tensor tensor(String name) {
        return tensor(tensors.get(name));
    }

    private static Tensor tensor(TensorShape shape) {
        long[] sizes = shape.shape().stream().mapToLong(Integer::longValue).toArray();
        return new Tensor(shape.name(), DType.BF16, sizes, nothing(shape.elements() * DType.BF16.bytes()));
    }

    private BlockQuantizedWeight codes(int bits, long n, long k) {
        int blockSize = recipe.blockSize();
        int blocks = CodePacking.blocks(Math.toIntExact(k), blockSize);
        return new BlockQuantizedWeight(
                bits,
                blockSize,
                Math.toIntExact(n),
                Math.toIntExact(k),
                nothing(n * CodePacking.packedBytes((long) blocks * blockSize, bits)),
                nothing(n * blocks * Short.BYTES),
                recipe.symmetric() ? null : nothing(n * CodePacking.packedBytes(blocks, bits)));
    }

    /** Memory that has a size and no bytes: whoever reads it crashes. */
    @SuppressWarnings("restricted")
    private static MemorySegment nothing(long bytes) {
        return MemorySegment.NULL.reinterpret(bytes);
    }
}
