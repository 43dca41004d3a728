package dev.fewbit.evaluator.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceMeterTest {
    private static final long GIB = 1L << 30;
    private static final Metered NONE = new Metered(Optional.empty(), "nothing here counts");

    @TempDir
    private Path directory;

    @Test
    void shouldGiveEachStretchItsShareWhenCountersGrow() {
        // Given
        Growing cpu = new Growing();
        ResourceMeter meter = new ResourceMeter(NONE, new Metered(Optional.of(cpu), "no counter"));

        // When
        cpu.joules = 10;
        ResourceMeter.Span span = meter.begin();
        cpu.joules = 12.5;
        ResourceUse first = span.next();
        cpu.joules = 13;
        ResourceUse second = span.next();

        // Then
        assertThat(first.cpuJoules()).isEqualTo(2.5);
        assertThat(second.cpuJoules()).isEqualTo(0.5);
        assertThat(first.gpuJoules()).isNull();
        assertThat(first.peakDeviceBytes()).isNull();
        assertThat(first.peakHostBytes()).isPositive();
        assertThat(meter.descriptions()).containsEntry("energy.cpu", "a test's");
        assertThat(meter.descriptions().get("energy.gpu")).startsWith("not measured");
        meter.end(null);
    }

    @Test
    void shouldStopMeasuringAndSaySoWhenACounterFails() {
        // Given
        Growing cpu = new Growing();
        ResourceMeter meter = new ResourceMeter(NONE, new Metered(Optional.of(cpu), "no counter"));
        ResourceMeter.Span span = meter.begin();

        // When
        cpu.broken = true;

        // Then
        assertThat(span.next().cpuJoules()).isNull();
        assertThat(meter.descriptions().get("energy.cpu")).startsWith("not measured");
        meter.end(null);
    }

    @Test
    void shouldReadTheDevicesMemoryWhenThereIsAGpu() throws Exception {
        // Given
        ResourceMeter meter =
                new ResourceMeter(new Metered(GpuCounter.open(TestGpu.library(directory), 0), "no GPU"), NONE);

        // Then: nvml.c says 3 GiB, and 1.5 J more at each reading
        ResourceUse use = meter.begin().next();
        assertThat(use.peakDeviceBytes()).isEqualTo(3 * GIB);
        assertThat(use.gpuJoules()).isGreaterThanOrEqualTo(1.5);
        meter.end(null);
    }

    @Test
    void shouldOnlyStopMeasuringWhenTheDevicesMemoryCannotBeRead() throws Exception {
        // Given
        ResourceMeter meter = new ResourceMeter(
                new Metered(GpuCounter.open(TestGpu.library(directory, "-DFORGETS"), 0), "no GPU"), NONE);

        // Then
        ResourceUse use = meter.begin().next();
        assertThat(use.gpuJoules()).isNull();
        assertThat(use.peakDeviceBytes()).isNull();
        assertThat(use.peakHostBytes()).isPositive();
        assertThat(meter.descriptions()).containsEntry("energy.gpu", "not measured: no GPU");
        meter.end(null);
    }

    private static final class Growing implements EnergyCounter {
        private volatile double joules;
        private volatile boolean broken;

        @Override
        public double joules() {
            if (broken) {
                throw new EnergyException("gone");
            }
            return joules;
        }

        @Override
        public String description() {
            return "a test's";
        }
    }
}
