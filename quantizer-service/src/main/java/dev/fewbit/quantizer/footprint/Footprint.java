package dev.fewbit.quantizer.footprint;

import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.DenseWeight;
import dev.fewbit.model.architecture.LinearWeight;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.TensorShape;
import dev.fewbit.model.packing.CodePacking;
import java.util.List;

/**
 * Counts an artifact's bytes weight by weight.
 *
 * <ul>
 *   <li><b>stored</b>: {@code weights.bin} and {@code model.onnx} as they lie on disk;
 *   <li><b>resident</b>: the weights as our runtime holds them on a CPU in exact mode. ONNX Runtime multiplies 16-bit weights there
 *       only after widening them to fp32, 8-bit ones too; 2, 3 and 4 bits are held in the 4-bit layout with fp32 scales. The embedding
 *       is gathered from its 16-bit form; a tied head holds it a second time, widened. With {@code embedding_bits} it is gathered from its codes, and
 *       the head holds them as linears are held;
 *   <li><b>ideal</b>: codes and zero points at their nominal width without any fill-up, scales and all other weights at 16 bits.
 * </ul>
 */
public final class Footprint {
    /** What {@code residentBytes} holds for. */
    public static final String RESIDENT_AS = "ONNX Runtime 1.29, CPU, exact mode";

    private static final int WIDENED_BYTES = Float.BYTES;
    private static final int SIXTEEN_BITS = 2 * Byte.SIZE;
    private static final int WIDEST_NARROW = CodePacking.WIDE_BITS;

    private long residentBytes;
    private long idealBits;
    private long linearStoredBytes;
    private long linearWeights;

    /** Counts a linear of the decoder. */
    public void addLinear(LinearWeight weight) {
        long elements = (long) weight.n() * weight.k();
        linearWeights += elements;
        switch (weight) {
            case DenseWeight dense -> {
                linearStoredBytes += elements * dense.tensor().dtype().bytes();
                addWidened(elements);
            }
            case BlockQuantizedWeight quantized -> {
                linearStoredBytes += quantized.codes().byteSize()
                        + quantized.scales().byteSize()
                        + (quantized.zeroPoints() == null
                                ? 0
                                : quantized.zeroPoints().byteSize());
                idealBits += idealBits(quantized);
                residentBytes += residentBytes(quantized);
            }
        }
    }

    /** Counts the embedding, {@code elements} weights, which a tied head shares. */
    public void addEmbedding(long elements, boolean tied) {
        idealBits += elements * SIXTEEN_BITS;
        residentBytes += elements * Short.BYTES + (tied ? elements * WIDENED_BYTES : 0);
    }

    /** Counts an embedding of codes; a tied head holds it a second time, in its own layout. */
    public void addEmbedding(BlockQuantizedWeight weight, boolean tied) {
        idealBits += idealBits(weight);
        residentBytes += weight.codes().byteSize()
                + (long) weight.n() * weight.blocks() * WIDENED_BYTES
                + (weight.zeroPoints() == null ? 0 : weight.zeroPoints().byteSize());
        if (tied) {
            residentBytes += residentBytes(weight);
        }
    }

    /** Counts an untied head of codes. */
    public void addHead(BlockQuantizedWeight weight) {
        idealBits += idealBits(weight);
        residentBytes += residentBytes(weight);
    }

    /** Counts a tensor that is stored at 16 bits and held widened: a norm, an untied head. */
    public void addWidened(long elements) {
        idealBits += elements * SIXTEEN_BITS;
        residentBytes += elements * WIDENED_BYTES;
    }

    /**
     * Counts what of a decoder is not quantized: norms, biases and learned positions.
     *
     * @param tables whether its embedding and head are not quantized either
     */
    public void addOthers(DecoderSpec decoder, boolean tables) {
        if (tables) {
            List<TensorShape> shapes = decoder.tables();
            addEmbedding(shapes.getFirst().elements(), decoder.head().tied());
            shapes.stream().skip(1).forEach(head -> addWidened(head.elements()));
        }
        for (TensorShape tensor : decoder.others()) {
            // Learned positions are gathered as the embedding is.
            if (tensor.shape().size() > 1) {
                addEmbedding(tensor.elements(), false);
            } else {
                addWidened(tensor.elements());
            }
        }
    }

    /**
     * The sizes.
     *
     * @param storedBytes of {@code weights.bin} and {@code model.onnx}
     */
    public ArtifactSizes sizes(long storedBytes) {
        return new ArtifactSizes(
                storedBytes,
                residentBytes,
                RESIDENT_AS,
                Math.ceilDiv(idealBits, Byte.SIZE),
                linearStoredBytes,
                (double) linearStoredBytes * Byte.SIZE / linearWeights);
    }

    private static long idealBits(BlockQuantizedWeight weight) {
        long blocks = (long) weight.n() * weight.blocks();
        return (long) weight.n() * weight.k() * weight.bits()
                + blocks * (SIXTEEN_BITS + (weight.zeroPoints() == null ? 0 : weight.bits()));
    }

    private static long residentBytes(BlockQuantizedWeight weight) {
        if (weight.bits() > WIDEST_NARROW) {
            return (long) weight.n() * weight.k() * WIDENED_BYTES;
        }
        long blocks = (long) weight.n() * weight.blocks();
        return CodePacking.packedBytes(blocks * weight.blockSize(), CodePacking.WIDE_BITS)
                + blocks * WIDENED_BYTES
                + (weight.zeroPoints() == null
                        ? 0
                        : weight.n() * CodePacking.packedBytes(weight.blocks(), CodePacking.WIDE_BITS));
    }
}
