package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;

/**
 * What a training computes with. The same engine on the same kind of machine gives the same bytes; another engine rounds elsewhere, and
 * gives others.
 */
public interface TrainingEngine {
    /** The processor, with BLAS. */
    TrainingEngine HOST = new HostTraining();

    /**
     * For a training end to end: takes the 16-bit model.
     *
     * @param length of a window
     */
    DecoderTraining decoder(Checkpoint checkpoint, int length);

    /** For a training layer by layer: takes the calibration's residual streams in front of the first layer. */
    StreamTraining streams(Checkpoint checkpoint, TokenWindows windows);

    /** Runs the pass behind a {@link Sensitivity}, for {@link Sensitivity#of}. */
    void pass(Checkpoint checkpoint, TokenWindows windows, Sensitivity sensitivity);
}
