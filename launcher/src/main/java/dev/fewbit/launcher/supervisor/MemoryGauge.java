package dev.fewbit.launcher.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The largest sum of memory that this process and all its descendants held, looked at every two seconds. Counts proportional set
 * size ({@code Pss} of {@code /proc/PID/smaps_rollup}), which shares out pages that several processes map; processes that may not
 * be looked at, such as jailed programs of another user, are left out.
 */
public final class MemoryGauge implements AutoCloseable {
    private static final long INTERVAL_SECONDS = 2;
    private static final String FIELD = "Pss:";
    private static final long KIB = 1024;

    private final AtomicLong peak = new AtomicLong();
    private final Thread sampler =
            Thread.ofPlatform().daemon().name("memory-gauge").unstarted(this::sample);

    private MemoryGauge() {}

    public static MemoryGauge start() {
        MemoryGauge gauge = new MemoryGauge();
        gauge.sampler.start();
        return gauge;
    }

    public long peakBytes() {
        return peak.get();
    }

    @Override
    public void close() {
        sampler.interrupt();
    }

    private void sample() {
        try {
            while (true) {
                ProcessHandle self = ProcessHandle.current();
                long now = Stream.concat(Stream.of(self), self.descendants())
                        .mapToLong(process -> bytes(process.pid()))
                        .sum();
                peak.accumulateAndGet(now, Math::max);
                TimeUnit.SECONDS.sleep(INTERVAL_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long bytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith(FIELD))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            // It ended meanwhile, or belongs to another user.
            return 0;
        }
    }
}
