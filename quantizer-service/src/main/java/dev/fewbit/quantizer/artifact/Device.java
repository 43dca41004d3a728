package dev.fewbit.quantizer.artifact;

import dev.fewbit.quantizer.cuda.CudaEngine;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.streams.HostEngine;
import java.util.Locale;

/** What calibration windows are computed on. */
public enum Device {
    /** The processor: the default. */
    CPU {
        @Override
        CalibrationEngine engine() {
            return new HostEngine();
        }
    },
    /** The first NVIDIA GPU that the process sees. */
    CUDA {
        @Override
        CalibrationEngine engine() {
            return new CudaEngine();
        }
    };

    /**
     * The engine of this device.
     *
     * @throws dev.fewbit.quantizer.cuda.CudaException in one line, when this machine has none
     */
    abstract CalibrationEngine engine();

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
