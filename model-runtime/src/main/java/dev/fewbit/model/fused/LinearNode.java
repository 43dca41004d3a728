package dev.fewbit.model.fused;

/**
 * A linear over 4-bit codes.
 *
 * @param n outputs
 * @param k inputs, a multiple of {@code block}
 * @param block inputs that share a scale: 32, 64 or 128
 * @param zeros whether zero points are stored
 */
public record LinearNode(int n, int k, int block, boolean zeros) {
    private static final int MOST_INPUTS = 24576;

    boolean isTaken() {
        return (block == 32 || block == 64 || block == 128) && k % block == 0 && k <= MOST_INPUTS;
    }
}
