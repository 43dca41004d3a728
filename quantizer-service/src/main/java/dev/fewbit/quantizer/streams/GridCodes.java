package dev.fewbit.quantizer.streams;

/**
 * Codes of a weight {@code [n, k]} with a scale and a zero point for each block of a row; the arrays are filled in place.
 *
 * @param n rows
 * @param k columns
 * @param bits of a code
 * @param blockSize columns that share a scale
 * @param codes {@code [n, k]}, unsigned
 * @param scales {@code [n, ceil(k / blockSize)]}, values that fp16 holds
 * @param zeroPoints the same shape, unsigned
 */
public record GridCodes(int n, int k, int bits, int blockSize, byte[] codes, float[] scales, byte[] zeroPoints) {

    /** Blocks of a row. */
    public int blocks() {
        return Math.ceilDiv(k, blockSize);
    }

    /** First column behind a block. */
    public int end(int block) {
        return Math.min((block + 1) * blockSize, k);
    }

    /** The largest code. */
    public int largest() {
        return (1 << bits) - 1;
    }
}
