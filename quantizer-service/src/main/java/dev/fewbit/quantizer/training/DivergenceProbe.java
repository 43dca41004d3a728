package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.Exponential;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * A random direction of the divergence's curvature, taken back from the logits to the residual stream: {@code v = sqrt(p) e - p sum(sqrt(p)
 * e)} at every position, {@code e} of random signs. The signs of a window follow from its number.
 */
public final class DivergenceProbe implements GradientSource {
    private static final long SEED = 0x5EED;

    private final Checkpoint checkpoint;
    private final TokenWindows windows;
    private final DecoderHead head;

    DivergenceProbe(Checkpoint checkpoint, TokenWindows windows, DecoderHead head) {
        this.checkpoint = checkpoint;
        this.windows = windows;
        this.head = head;
    }

    @Override
    public void input(int window, Matrix x) {
        DecoderForward.embed(checkpoint, windows.ids()[window], x);
    }

    /** Has no loss: the gradient is that of {@code v . logits}, whatever the weight. */
    @Override
    public double gradient(int window, Matrix x, float weight) {
        SplittableRandom random = new SplittableRandom(SEED + window);
        try (Arena arena = Arena.ofConfined()) {
            Matrix logits = head.logitsBehind(arena, x);
            for (int token = 0; token < logits.rows(); token++) {
                float[] row = logits.row(token);
                direction(row, random);
                logits.setRow(token, row);
            }
            head.back(logits, x);
        }
        return 0;
    }

    /**
     * The signs of a window.
     *
     * @param words of 64 signs, those of a position one behind the other, a set bit for minus
     */
    public static long[] signs(int window, int words) {
        SplittableRandom random = new SplittableRandom(SEED + window);
        long[] signs = new long[words];
        for (int i = 0; i < words; i++) {
            signs[i] = random.nextLong();
        }
        return signs;
    }

    /** Logits become {@code v}. */
    static void direction(float[] logits, SplittableRandom random) {
        float largest = Exponential.largest(logits, logits.length);
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
