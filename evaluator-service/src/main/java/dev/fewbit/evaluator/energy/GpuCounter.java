package dev.fewbit.evaluator.energy;

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
    public String description() {
        return "NVML, " + (counts ? "energy counter" : "power, sampled and integrated,") + " of " + device.name();
    }
}
