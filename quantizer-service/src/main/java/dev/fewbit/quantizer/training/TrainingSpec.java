package dev.fewbit.quantizer.training;

/**
 * How training goes. Rates rise linearly from 0 to their peak in the warm-up and fall linearly to {@code last} of it.
 *
 * @param steps of Adam
 * @param batch windows a step
 * @param codeRate peak of Adam's rate for latent codes, in steps of the code
 * @param scaleRate peak of Adam's rate for logarithms of scales
 * @param warmUp steps
 * @param last share of the peak that the last step has
 * @param written windows that the 16-bit model writes, see {@link WrittenWindows}, to be trained on in the place of the calibration's; 0
 *     for the latter. A training layer by layer writes none
 * @param prefix tokens of a calibration window that a written one begins with
 * @param validation calibration windows that are not trained on, nor begun with, and say which step was best
 * @param validateEvery steps between two looks at them
 * @param saveEvery steps between two saved states
 * @param seed of the order of windows
 */
public record TrainingSpec(
        int steps,
        int batch,
        double codeRate,
        double scaleRate,
        int warmUp,
        double last,
        int written,
        int prefix,
        int validation,
        int validateEvery,
        int saveEvery,
        long seed) {

    /**
     * What {@code gptq+tuned} uses; docs/adr/0006-gptq-plus-tuned.md says how it was chosen.
     *
     * @param sequences of the calibration
     * @param length of them
     */
    public static TrainingSpec standard(int sequences, int length) {
        int validation = Math.max(1, sequences / 16);
        return new TrainingSpec(400, 8, 0.015, 2e-3, 20, 0.02, 800, Math.max(1, length / 16), validation, 50, 50, 0);
    }

    /** The share of the peak at a step, counted from 1. */
    double share(int step) {
        if (step <= warmUp) {
            return (double) step / warmUp;
        }
        return 1 - (1 - last) * (step - warmUp) / (steps - warmUp);
    }
}
