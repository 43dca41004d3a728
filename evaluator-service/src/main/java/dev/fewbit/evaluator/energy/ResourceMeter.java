package dev.fewbit.evaluator.energy;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Samples energy and memory all the time, so that whoever works can ask what its stretch of time used. Thread-safe. */
@ApplicationScoped
public class ResourceMeter {
    /** Between two samples: short enough for power that is integrated, and no load. */
    static final Duration EVERY = Duration.ofMillis(250);

    private static final Logger LOGGER = Logger.getLogger(ResourceMeter.class);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long KIB = 1024;

    private final Optional<Nvml> device;
    private final ScheduledExecutorService sampling;
    private Optional<EnergyCounter> gpu;
    private Optional<EnergyCounter> cpu;
    private Double gpuJoules;
    private Double cpuJoules;
    private Long peakHost;
    private Long peakDevice;

    @Inject
    ResourceMeter() {
        this(Nvml.open(Nvml.LIBRARY, 0), RaplCounter.open(RaplCounter.POWERCAP));
    }

    ResourceMeter(Optional<Nvml> device, Optional<EnergyCounter> cpu) {
        this.device = device;
        this.gpu = device.map(GpuCounter::new);
        this.cpu = cpu;
        sample();
        sampling = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("resource-meter").factory());
        sampling.scheduleAtFixedRate(this::sample, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A stretch of time that begins now. One at a time: peaks begin anew with it. */
    public Span begin() {
        return new Span();
    }

    /** How each is measured, by name: for the record of how samples were made. */
    public Map<String, String> descriptions() {
        Map<String, String> facts = new TreeMap<>();
        synchronized (this) {
            facts.put("energy.gpu", gpu.map(EnergyCounter::description).orElse("not measured: no NVIDIA driver here"));
            facts.put(
                    "energy.cpu",
                    cpu.map(EnergyCounter::description).orElse("not measured: no readable RAPL counter here"));
        }
        return facts;
    }

    /** Looks at all counters now. */
    final synchronized void sample() {
        gpu = read(gpu, true);
        cpu = read(cpu, false);
        peakHost = max(peakHost, residentBytes());
        if (device.isPresent() && gpu.isPresent()) {
            peakDevice = max(peakDevice, device.get().usedBytes());
        }
    }

    void end(@Observes ShutdownEvent event) {
        sampling.shutdownNow();
    }

    private Optional<EnergyCounter> read(Optional<EnergyCounter> counter, boolean ofGpu) {
        if (counter.isEmpty()) {
            return counter;
        }
        Double joules;
        Optional<EnergyCounter> left = counter;
        try {
            joules = counter.get().joules();
        } catch (EnergyException e) {
            LOGGER.warnf("energy is not measured from here on: %s", e.getMessage());
            joules = null;
            left = Optional.empty();
        }
        if (ofGpu) {
            gpuJoules = joules;
        } else {
            cpuJoules = joules;
        }
        return left;
    }

    private static Long max(Long known, Long now) {
        if (known == null || now == null) {
            return known == null ? now : known;
        }
        return Math.max(known, now);
    }

    /** Resident memory of this process by the kernel, null where it does not say. */
    private static Long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
                }
            }
            return null;
        } catch (IOException e) {
            // Not Linux, or no /proc: not measured.
            return null;
        }
    }

    /** Time between two readings, over and over. */
    public final class Span {
        private Double gpuBefore;
        private Double cpuBefore;

        private Span() {
            next();
        }

        /** What was used since the last call, or since the span began. */
        public ResourceUse next() {
            synchronized (ResourceMeter.this) {
                sample();
                ResourceUse use = new ResourceUse(
                        difference(gpuJoules, gpuBefore), difference(cpuJoules, cpuBefore), peakHost, peakDevice);
                gpuBefore = gpuJoules;
                cpuBefore = cpuJoules;
                peakHost = null;
                peakDevice = null;
                return use;
            }
        }

        private static Double difference(Double now, Double before) {
            return now == null || before == null ? null : (Double) (now - before);
        }
    }
}
