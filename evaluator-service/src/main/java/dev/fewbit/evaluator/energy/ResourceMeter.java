package dev.fewbit.evaluator.energy;

import dev.fewbit.evaluator.EvaluatorConfig;
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
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Samples energy and memory all the time, so that whoever works can ask what its stretch of time used. Thread-safe. */
@ApplicationScoped
public class ResourceMeter {
    /** Between two samples: short enough for power that is integrated, and no load. */
    static final Duration EVERY = Duration.ofMillis(250);

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long KIB = 1024;

    private final ScheduledExecutorService sampling;
    private final Metered gpu;
    private final Metered cpu;
    private Long peakHost;
    private Long peakDevice;

    /** Measures the processors, and the GPU that generates where one does. */
    @Inject
    ResourceMeter(EvaluatorConfig config) {
        this(
                gpu(config.device().gpu()),
                new Metered(RaplCounter.open(RaplCounter.POWERCAP), "no readable RAPL counter here"));
    }

    ResourceMeter(Metered gpu, Metered cpu) {
        this.gpu = gpu;
        this.cpu = cpu;
        sample();
        sampling = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("resource-meter").factory());
        sampling.scheduleAtFixedRate(this::sample, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Metered gpu(OptionalInt index) {
        return index.isPresent()
                ? new Metered(GpuCounter.open(Nvml.LIBRARY, index.getAsInt()), "no NVIDIA driver here that tells")
                : new Metered(Optional.empty(), "the processor generates");
    }

    /** A stretch of time that begins now. One at a time: peaks begin anew with it. */
    public Span begin() {
        return new Span();
    }

    /** How each is measured, by name: for the record of how samples were made. */
    public Map<String, String> descriptions() {
        synchronized (this) {
            return Map.of("energy.gpu", gpu.description(), "energy.cpu", cpu.description());
        }
    }

    /** Looks at all counters now. */
    final synchronized void sample() {
        gpu.read();
        cpu.read();
        peakHost = max(peakHost, residentBytes());
        peakDevice = max(peakDevice, gpu.usedBytes());
    }

    void end(@Observes ShutdownEvent event) {
        sampling.shutdownNow();
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
                        difference(gpu.joules(), gpuBefore), difference(cpu.joules(), cpuBefore), peakHost, peakDevice);
                gpuBefore = gpu.joules();
                cpuBefore = cpu.joules();
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
