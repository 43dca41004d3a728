package dev.fewbit.launcher.cli;

import dev.fewbit.quantizer.artifact.Device;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a device. */
final class DeviceConverter implements ITypeConverter<Device> {
    private static final String GPU = "gpu";

    @Override
    public Device convert(String value) {
        for (Device device : Device.values()) {
            if (device.toString().equals(value)) {
                return device;
            }
        }
        throw new TypeConversionException(
                "device is " + value + "; allowed: cpu, cuda; did you mean " + nearest(value) + "?");
    }

    private static Device nearest(String value) {
        if (value.toLowerCase(Locale.ROOT).contains(GPU)) {
            return Device.CUDA;
        }
        JaroWinklerSimilarity similarity = new JaroWinklerSimilarity();
        return Arrays.stream(Device.values())
                .max(Comparator.comparing(
                        device -> similarity.apply(value.toLowerCase(Locale.ROOT), device.toString())))
                .orElseThrow();
    }
}
