package dev.fewbit.quantizer.cuda;

import org.junit.jupiter.api.Assumptions;

/** A GPU to test with. */
public final class Gpu {
    private Gpu() {}

    /** Opens it; where there is none the test says why and is not run: the one thing that our own machines cannot bring. */
    public static CudaDevice open() {
        try {
            return CudaDevice.open();
        } catch (CudaException e) {
            System.out.println("not run: " + e.getMessage());
            return Assumptions.abort(e.getMessage());
        }
    }
}
