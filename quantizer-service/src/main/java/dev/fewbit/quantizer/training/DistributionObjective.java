package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
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
    private final DecoderHead head;
    private final Matrix expected;

    /**
     * Runs the 16-bit model over all windows.
     *
     * @param arena shared; holds the states
     * @param original the 16-bit model's layers
     * @param head the 16-bit model's
     */
    DistributionObjective(
            Arena arena, Checkpoint checkpoint, TokenWindows windows, List<LayerWeights> original, DecoderHead head) {
        this.checkpoint = checkpoint;
        this.windows = windows;
        this.head = head;
        DecoderLayer layer = new DecoderLayer(checkpoint.config(), windows.length());
        expected = Matrix.allocate(
                arena,
                windows.sequences() * windows.length(),
                checkpoint.config().hiddenSize());
        IntStream.range(0, windows.sequences()).parallel().forEach(window -> {
            Matrix x = expected(window);
            input(window, x);
            original.forEach(weights -> layer.apply(weights, x, windows.length()));
            head.norm(x, x);
        });
    }

    @Override
    public void input(int window, Matrix x) {
        DecoderForward.embed(checkpoint, windows.ids()[window], x);
    }

    @Override
    public double loss(int window, Matrix x) {
        try (Arena scratch = Arena.ofConfined()) {
            return Divergence.of(head.logits(scratch, expected(window)), head.logitsBehind(scratch, x));
        }
    }

    @Override
    public double gradient(int window, Matrix x, float weight) {
        try (Arena scratch = Arena.ofConfined()) {
            Matrix logits = head.logitsBehind(scratch, x);
            double sum = Divergence.withGradient(head.logits(scratch, expected(window)), logits, weight);
            head.back(logits, x);
            return sum;
        }
    }

    private Matrix expected(int window) {
        return expected.rows(window * windows.length(), windows.length());
    }
}
