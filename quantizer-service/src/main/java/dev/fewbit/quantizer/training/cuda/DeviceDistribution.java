package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.training.LayerTape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The whole decoder: tokens go in, and the loss is the KL divergence from the 16-bit model. Of that model the states in front of the head
 * are kept, {@code [tokens, hidden]}; its logits come from them when they are needed, for some rows at a time.
 */
final class DeviceDistribution implements DeviceObjective {
    /** Logits that are in memory at a time, twice. Fixed: the size of a product may show in its last bits. */
    private static final long MOST_LOGITS = 1L << 26;

    private final TrainingKernels kernels;
    private final DeviceHead head;
    private final int length;
    private final long ids;
    private final DeviceMatrix expected;
    private final DeviceMatrix wanted;
    private final DeviceMatrix normed;
    private final DeviceMatrix gradient;
    private final DeviceMatrix expectedLogits;
    private final DeviceMatrix logits;
    private final long losses;
    private final long sum;

    /**
     * Runs the 16-bit model over all windows.
     *
     * @param arena holds the states
     * @param original the 16-bit model's layers
     * @param group windows that come together at most
     */
    DeviceDistribution(
            DeviceArena arena,
            TrainingKernels kernels,
            ModelConfig config,
            TokenWindows windows,
            List<DeviceLayer> original,
            DeviceHead head,
            int group) {
        this.kernels = kernels;
        this.head = head;
        length = windows.length();
        ids = TrainingKernels.ints(arena, windows.flat());
        int tokens = group * length;
        int rows = Math.clamp(MOST_LOGITS / head.vocabulary(), 1, tokens);
        expectedLogits = arena.matrix(rows, head.vocabulary());
        logits = arena.matrix(rows, head.vocabulary());
        wanted = arena.matrix(tokens, config.hiddenSize());
        normed = arena.matrix(rows, config.hiddenSize());
        gradient = arena.matrix(rows, config.hiddenSize());
        losses = arena.bytes((long) tokens * Double.BYTES);
        sum = arena.bytes(Double.BYTES);
        expected = arena.matrix(windows.sequences() * length, config.hiddenSize());
        try (DeviceArena scratch = kernels.device().newArena()) {
            DevicePass pass = new DevicePass(scratch, kernels, config, length, group);
            LayerTape<DeviceMatrix> tape = LayerTape.allocate(config, width -> scratch.matrix(tokens, width));
            long all = TrainingKernels.ints(
                    scratch, IntStream.range(0, windows.sequences()).toArray());
            for (int from = 0; from < windows.sequences(); from += group) {
                int count = Math.min(group, windows.sequences() - from) * length;
                DeviceMatrix x = expected.rows(from * length, count);
                input(all + (long) from * Integer.BYTES, x);
                original.forEach(weights -> pass.forward(weights, tape.map(matrix -> matrix.rows(0, count)), x));
                head.norm(x, x);
            }
        }
    }

    @Override
    public void input(long windows, DeviceMatrix x) {
        kernels.embedWindows(head.embedding(), ids, windows, x, length);
    }

    @Override
    public double loss(long windows, DeviceMatrix x, float weight) {
        DeviceMatrix states = wanted.rows(0, x.rows());
        kernels.gather(expected, windows, states, length);
        for (int from = 0; from < x.rows(); from += logits.rows()) {
            int count = Math.min(logits.rows(), x.rows() - from);
            DeviceMatrix stream = x.rows(from, count);
            DeviceMatrix h = normed.rows(0, count);
            DeviceMatrix p = expectedLogits.rows(0, count);
            DeviceMatrix q = logits.rows(0, count);
            head.logits(states.rows(from, count), p);
            head.norm(stream, h);
            head.logits(h, q);
            kernels.divergence(p, q, losses + (long) from * Double.BYTES, weight);
            if (weight != 0) {
                head.back(q, h, gradient.rows(0, count), stream);
            }
        }
        return kernels.sum(losses, x.rows(), sum);
    }
}
