package dev.fewbit.quantizer.artifact;

import dev.fewbit.quantizer.cuda.CudaEngine;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.streams.HostEngine;
import dev.fewbit.quantizer.training.TrainingEngine;
import dev.fewbit.quantizer.training.cuda.CudaTraining;
import java.util.Locale;

/** What calibration windows are computed, and codes and scales trained, on. */
public enum Device {
    /** The processor: the default. */
    CPU {
        @Override
        CalibrationEngine engine() {
            return new HostEngine();
        }

        @Override
        TrainingEngine training() {
            return TrainingEngine.HOST;
        }
    },
    /** The first NVIDIA GPU that the process sees. */
    CUDA {
        @Override
        CalibrationEngine engine() {
            return new CudaEngine();
        }

        @Override
        TrainingEngine training() {
            return new CudaTraining();
        }
    };

    /**
     * The engine of this device.
     *
     * @throws dev.fewbit.quantizer.cuda.CudaException in one line, when this machine has none
     */
    abstract CalibrationEngine engine();

    /** What trains on this device; it is opened when training begins. */
    abstract TrainingEngine training();

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
