package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;

/** Trains on the processor. */
final class HostTraining implements TrainingEngine {

    @Override
    public DecoderTraining decoder(Checkpoint checkpoint, int length) {
        return new HostDecoder(checkpoint, length);
    }

    @Override
    public StreamTraining streams(Checkpoint checkpoint, TokenWindows windows) {
        return new HostStreamTraining(checkpoint, windows);
    }

    @Override
    public void pass(Checkpoint checkpoint, TokenWindows windows, Sensitivity sensitivity) {
        sensitivity.pass(checkpoint);
    }
}
