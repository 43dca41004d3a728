package dev.fewbit.quantizer.training;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.CudaException;

/** A GPU for tests; where the machine has none, they say why they do not run. */
public final class Gpu {
    private Gpu() {}

    public static CudaDevice open() {
        try {
            return CudaDevice.open();
        } catch (CudaException e) {
            return abort(e.getMessage());
        }
    }

    /** Whether there is one. */
    public static void require() {
        open().close();
    }
}
