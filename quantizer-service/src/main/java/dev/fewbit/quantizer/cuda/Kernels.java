package dev.fewbit.quantizer.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** The kernels of one resource, loaded on a device. They live as long as the device is open. */
public final class Kernels {
    private final CudaDevice device;
    private final CudaDriver driver;
    private final String resource;
    private final MemorySegment module;
    private final Map<String, Kernel> found = new HashMap<>();

    Kernels(CudaDevice device, CudaDriver driver, byte[] image, String resource) {
        this.device = device;
        this.driver = driver;
        this.resource = resource;
        try (Arena arena = Arena.ofConfined()) {
            module = driver.loadModule(arena.allocateFrom(ValueLayout.JAVA_BYTE, image));
        }
    }

    /**
     * A kernel by its {@code extern "C"} name.
     *
     * @throws CudaException when the resource has none of this name
     */
    public Kernel kernel(String name) {
        return found.computeIfAbsent(name, wanted -> new Kernel(device, wanted, driver.function(module, wanted)));
    }

    void close() {
        driver.unloadModule(module);
    }

    @Override
    public String toString() {
        return resource;
    }
}
