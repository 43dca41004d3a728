package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.Exponential;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * A random direction of the divergence's curvature, taken back from the logits to the residual stream: {@code v = sqrt(p) e - p sum(sqrt(p)
 * e)} at every position, {@code e} of random signs. The signs of a window follow from its number.
 */
final class DivergenceProbe {
    private static final long SEED = 0x5EED;

    private final DecoderLayer layer;
    private final Matrix head;
    private final float[] lastNorm;
    private final double epsilon;

    /**
     * @param head {@code [vocabulary, hidden]}
     * @param lastNorm gains, {@code [hidden]}
     */
    DivergenceProbe(DecoderLayer layer, Matrix head, float[] lastNorm, double epsilon) {
        this.layer = layer;
        this.head = head;
        this.lastNorm = lastNorm;
        this.epsilon = epsilon;
    }

    /** {@code x [tokens, hidden]}, the residual stream behind the last layer, becomes the gradient of {@code v . logits} by it. */
    void back(Matrix x, int window) {
        SplittableRandom random = new SplittableRandom(SEED + window);
        try (Arena arena = Arena.ofConfined()) {
            Matrix normed = Matrix.allocate(arena, x.rows(), x.columns());
            layer.norm(x, lastNorm, normed);
            Matrix logits = Matrix.allocate(arena, x.rows(), head.rows());
            Products.linear(normed, head, logits, 0);
            for (int token = 0; token < logits.rows(); token++) {
                float[] row = logits.row(token);
                direction(row, random);
                logits.setRow(token, row);
            }
            LayerPass.back(logits, head, normed, 0);
            Matrix stream = x.copy(arena);
            x.data().fill((byte) 0);
            NormGradient.add(stream, lastNorm, epsilon, normed, x);
        }
    }

    /** Logits become {@code v}. */
    static void direction(float[] logits, SplittableRandom random) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        Exponential.ofDifferences(logits, logits.length, largest);
        for (float exponential : logits) {
            sum += exponential;
        }
        float factor = (float) (1 / sum);
        double total = 0;
        long signs = 0;
        float[] signed = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            if (i % Long.SIZE == 0) {
                signs = random.nextLong();
            }
            logits[i] *= factor;
            float root = (float) Math.sqrt(logits[i]);
            signed[i] = (signs >>> i & 1) == 0 ? root : -root;
            total += signed[i];
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (signed[i] - logits[i] * total);
        }
    }
}
