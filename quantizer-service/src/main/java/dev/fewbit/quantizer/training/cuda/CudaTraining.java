package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.training.DecoderTraining;
import dev.fewbit.quantizer.training.StreamTraining;
import dev.fewbit.quantizer.training.TrainingEngine;

/** Trains on a GPU. The device stays its owner's. */
public final class CudaTraining implements TrainingEngine {
    private final CudaDevice device;

    /** @param device open as long as this is used */
    public CudaTraining(CudaDevice device) {
        this.device = device;
    }

    @Override
    public DecoderTraining decoder(Checkpoint checkpoint, int length) {
        return new CudaDecoder(new TrainingKernels(device), checkpoint, length);
    }

    @Override
    public StreamTraining streams(Checkpoint checkpoint, TokenWindows windows) {
        return new CudaStreams(new TrainingKernels(device), checkpoint, windows);
    }
}
