package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.training.DecoderTraining;
import dev.fewbit.quantizer.training.Sensitivity;
import dev.fewbit.quantizer.training.StreamTraining;
import dev.fewbit.quantizer.training.TrainingEngine;
import java.util.function.Function;

/**
 * Trains on the first GPU that the process sees; it is open while a training is. Each of its methods may throw a
 * {@link dev.fewbit.quantizer.cuda.CudaException} in one line, when there is none, a library is missing, or memory is too small.
 */
public final class CudaTraining implements TrainingEngine {

    @Override
    public DecoderTraining decoder(Checkpoint checkpoint, int length) {
        return open(device -> new CudaDecoder(device, checkpoint, length));
    }

    @Override
    public StreamTraining streams(Checkpoint checkpoint, TokenWindows windows) {
        return open(device -> new CudaStreamTraining(device, checkpoint, windows));
    }

    @Override
    public void pass(Checkpoint checkpoint, TokenWindows windows, Sensitivity sensitivity) {
        try (CudaDevice device = CudaDevice.open();
                DeviceSensitivity found = new DeviceSensitivity(device, checkpoint, windows)) {
            found.run(sensitivity);
        }
    }

    /** What is made closes the device; what cannot be made leaves none open. */
    private static <T> T open(Function<CudaDevice, T> training) {
        CudaDevice device = CudaDevice.open();
        T made = null;
        try {
            made = training.apply(device);
            return made;
        } finally {
            if (made == null) {
                device.close();
            }
        }
    }
}
