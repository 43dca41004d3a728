package dev.fewbit.model.architecture;

import dev.fewbit.model.onnx.ExternalTensor;

/** A weight {@code [n, k]} as it lies in the weights file. */
sealed interface StoredMatrix {
    /**
     * As numbers of 16 or 32 bits.
     *
     * @param tensor {@code [n, k]}
     */
    record Dense(ExternalTensor tensor) implements StoredMatrix {}

    /**
     * As codes, see {@link BlockQuantizedWeight}.
     *
     * @param codes uint8 {@code [n, blocks, blockSize * bits / 8]}
     * @param scales fp16 {@code [n, blocks]}
     * @param zeroPoints uint8 {@code [n, ceil(blocks * bits / 8)]}, {@code null} where there are none
     */
    record Quantized(
            ExternalTensor codes,
            ExternalTensor scales,
            ExternalTensor zeroPoints,
            int bits,
            int blockSize,
            long n,
            long k)
            implements StoredMatrix {
        /** The bytes of {@link #codes} as one row an output, {@code [n, blocks * blockSize * bits / 8]}: what a gather reads. */
        ExternalTensor rows() {
            return codes.as(codes.name() + "_rows", n, codes.length() / n);
        }

        /** Inputs of a row with the last block filled up. */
        long paddedK() {
            return codes.shape().get(1) * blockSize;
        }
    }
}
