package dev.fewbit.model.fused;

import dev.fewbit.model.device.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** CUDA C beside these classes. */
final class KernelSource {
    private static final String PRIMITIVES = "primitives.cu";

    private KernelSource() {}

    /** A resource with what all of them use in front of it. */
    static String of(String resource) {
        return read(PRIMITIVES) + "\n" + read(resource);
    }

    private static String read(String resource) {
        try (InputStream in = KernelSource.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DeviceException(resource + " cannot be read: " + e.getMessage(), e);
        }
    }
}
