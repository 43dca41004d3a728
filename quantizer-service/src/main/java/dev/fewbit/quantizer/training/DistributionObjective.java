package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.Architecture;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The whole decoder: tokens go in, and the loss is {@link Divergence} from the 16-bit model. Of that model the states in front of the head
 * are kept, {@code [tokens, hidden]}; its logits come from them when they are needed. Last norm and head are the 16-bit model's for both.
 */
final class DistributionObjective implements Objective {
    private final Checkpoint checkpoint;
    private final TokenWindows windows;
    private final DecoderLayer layer;
    private final Matrix head;
    private final float[] lastNorm;
    private final Matrix expected;

    /**
     * Runs the 16-bit model over all windows.
     *
     * @param arena shared; holds the states
     * @param original the 16-bit model's layers
     * @param head the 16-bit model's, {@code [vocabulary, hidden]}
     */
    DistributionObjective(
            Arena arena,
            Checkpoint checkpoint,
            TokenWindows windows,
            List<LayerWeights> original,
            Matrix head,
            float[] lastNorm) {
        this.checkpoint = checkpoint;
        this.windows = windows;
        this.head = head;
        this.lastNorm = lastNorm;
        layer = new DecoderLayer(checkpoint.config(), windows.length());
        expected = Matrix.allocate(
                arena,
                windows.sequences() * windows.length(),
                checkpoint.config().hiddenSize());
        IntStream.range(0, windows.sequences()).parallel().forEach(window -> {
            Matrix x = expected(window);
            input(window, x);
            original.forEach(weights -> layer.apply(weights, x, windows.length()));
            layer.norm(x, lastNorm, x);
        });
    }

    /** The 16-bit model's head, {@code [vocabulary, hidden]}. */
    static Matrix head(Arena arena, Checkpoint checkpoint) {
        boolean tied = checkpoint.config().tieWordEmbeddings();
        return Matrix.of(arena, checkpoint.tensor(tied ? DecoderForward.EMBEDDING : Architecture.HEAD));
    }

    /** Gains of the 16-bit model's last norm. */
    static float[] lastNorm(Checkpoint checkpoint) {
        return checkpoint.tensor("model.norm.weight").toFloats();
    }

    @Override
    public void input(int window, Matrix x) {
        try (Arena scratch = Arena.ofConfined()) {
            x.data()
                    .copyFrom(DecoderForward.embed(scratch, checkpoint, windows.ids()[window])
                            .data());
        }
    }

    @Override
    public double loss(int window, Matrix x) {
        try (Arena scratch = Arena.ofConfined()) {
            return Divergence.of(logits(scratch, expected(window)), found(scratch, x));
        }
    }

    @Override
    public double gradient(int window, Matrix x, float weight) {
        try (Arena scratch = Arena.ofConfined()) {
            Matrix logits = found(scratch, x);
            double sum = Divergence.withGradient(logits(scratch, expected(window)), logits, weight);
            Matrix normed = Matrix.allocate(scratch, x.rows(), x.columns());
            LayerPass.back(logits, head, normed, 0);
            Matrix stream = x.copy(scratch);
            x.data().fill((byte) 0);
            NormGradient.add(stream, lastNorm, checkpoint.config().rmsNormEps(), normed, x);
            return sum;
        }
    }

    private Matrix found(Arena arena, Matrix x) {
        Matrix normed = Matrix.allocate(arena, x.rows(), x.columns());
        layer.norm(x, lastNorm, normed);
        return logits(arena, normed);
    }

    private Matrix logits(Arena arena, Matrix normed) {
        Matrix logits = Matrix.allocate(arena, normed.rows(), head.rows());
        Products.linear(normed, head, logits, 0);
        return logits;
    }

    private Matrix expected(int window) {
        return expected.rows(window * windows.length(), windows.length());
    }
}
