package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;

/**
 * One layer alone: it reads the residual stream behind the layers trained before it, and the loss is the squared distance of what it
 * makes of that from the 16-bit model's stream, relative to the mean square of the latter.
 */
final class DeviceDistance implements DeviceObjective {
    private final TrainingKernels kernels;
    private final DeviceMatrix input;
    private final DeviceMatrix expected;
    private final int length;
    private final double norm;
    private final long losses;
    private final long sum;

    /**
     * @param arena for a number a row
     * @param input {@code [windows * length, hidden]}
     * @param expected of the same shape: the 16-bit model's stream behind the layer
     * @param length of a window
     */
    DeviceDistance(DeviceArena arena, TrainingKernels kernels, DeviceMatrix input, DeviceMatrix expected, int length) {
        this.kernels = kernels;
        this.input = input;
        this.expected = expected;
        this.length = length;
        losses = arena.bytes((long) expected.rows() * Double.BYTES);
        sum = arena.bytes(Double.BYTES);
        kernels.rowSquares(expected, losses);
        double squares = kernels.sum(losses, expected.rows(), sum);
        norm = squares == 0 ? 1 : squares / expected.rows();
    }

    @Override
    public void input(long windows, DeviceMatrix x) {
        kernels.gather(input, windows, x, length);
    }

    @Override
    public double loss(long windows, DeviceMatrix x, float weight) {
        kernels.distance(x, expected, windows, losses, length, (float) (2 * weight / norm));
        return kernels.sum(losses, x.rows(), sum) / norm;
    }
}
