package dev.fewbit.model.fused;

/**
 * What one layer's attention computes.
 *
 * @param heads of queries
 * @param kvHeads of keys and values, a divisor of {@code heads}
 * @param headDim width of a head: 32, 64 or 128
 * @param scale of the scores
 */
public record AttentionNode(int heads, int kvHeads, int headDim, float scale) {
    /** More would not fit the registers of a thread. */
    private static final int MOST_TOGETHER = 4;

    /** Query heads that one block attends for. */
    int group() {
        int sharing = heads / kvHeads;
        int group = Math.min(MOST_TOGETHER, sharing);
        while (sharing % group != 0) {
            group--;
        }
        return group;
    }

    static boolean takes(int headDim) {
        return headDim == 32 || headDim == 64 || headDim == 128;
    }
}
