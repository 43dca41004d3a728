package dev.fewbit.evaluator.energy;

import java.util.Optional;
import java.util.OptionalLong;

/** Energy of a GPU: the device's own counter where it has one, else its power, sampled and integrated by the trapezoidal rule. */
final class GpuCounter implements EnergyCounter {
    private static final double MILLI = 1e-3;
    private static final double NANOS = 1e9;

    private final Nvml device;
    private final boolean counts;
    private final long first;
    private double joules;
    private double watts;
    private long at;

    GpuCounter(Nvml device) {
        this.device = device;
        counts = device.millijoules().isPresent();
        first = device.millijoules().orElse(0);
        watts = counts ? 0 : device.watts();
        at = System.nanoTime();
    }

    /**
     * The counter of a GPU, or empty where there is no driver, no such device, or none that tells its power.
     *
     * @param library file name or path
     * @param index of the device, from 0
     */
    static Optional<EnergyCounter> open(String library, int index) {
        return Nvml.open(library, index).flatMap(device -> {
            try {
                return Optional.of(new GpuCounter(device));
            } catch (EnergyException e) {
                // It has a driver and tells nothing: as good as none.
                device.close();
                return Optional.empty();
            }
        });
    }

    @Override
    public double joules() {
        if (counts) {
            long now = device.millijoules()
                    .orElseThrow(() -> new EnergyException("the energy counter of " + device.name() + " is gone"));
            return (now - first) * MILLI;
        }
        long now = System.nanoTime();
        double power = device.watts();
        joules += (power + watts) / 2 * (now - at) / NANOS;
        watts = power;
        at = now;
        return joules;
    }

    @Override
    public OptionalLong usedBytes() {
        return OptionalLong.of(device.usedBytes());
    }

    @Override
    public String description() {
        return "NVML, " + (counts ? "energy counter" : "power, sampled and integrated,") + " of " + device.name();
    }
}
