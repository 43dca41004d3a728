package dev.fewbit.evaluator.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values are those of {@code nvml.c}: a counter 1.5 J on at each reading, 250 W, 3 GiB in use. */
class NvmlTest {
    private static final double WATTS = 250;
    private static final long GIB = 1L << 30;

    @TempDir
    private Path directory;

    @Test
    void shouldReadNameCounterPowerAndMemoryWhenTheLibraryIsThere() throws Exception {
        // Given
        try (Nvml device = Nvml.open(TestGpu.library(directory), 0).orElseThrow()) {
            // Then
            assertThat(device.name()).isEqualTo("Test GPU");
            assertThat(device.millijoules()).hasValue(6500);
            assertThat(device.millijoules()).hasValue(8000);
            assertThat(device.watts()).isEqualTo(WATTS);
            assertThat(device.usedBytes()).isEqualTo(3 * GIB);
        }
    }

    @Test
    void shouldCountFromItsOpeningWhenTheDeviceCounts() throws Exception {
        try (Nvml device = Nvml.open(TestGpu.library(directory), 0).orElseThrow()) {
            // Given: two readings when it is opened, the second of which is where it starts
            GpuCounter counter = new GpuCounter(device);

            // Then
            assertThat(counter.joules()).isEqualTo(1.5);
            assertThat(counter.joules()).isEqualTo(3.0);
            assertThat(counter.description()).isEqualTo("NVML, energy counter of Test GPU");
        }
    }

    @Test
    void shouldIntegratePowerWhenTheDeviceDoesNotCount() throws Exception {
        try (Nvml device = Nvml.open(TestGpu.library(directory, "-DOLD"), 0).orElseThrow()) {
            // Given
            long before = System.nanoTime();
            GpuCounter counter = new GpuCounter(device);
            Duration busy = Duration.ofMillis(20);
            while (System.nanoTime() - before < busy.toNanos()) {
                Thread.onSpinWait();
            }

            // When
            double joules = counter.joules();

            // Then: constant power times the time between
            double seconds = (System.nanoTime() - before) / 1e9;
            assertThat(joules)
                    .isLessThanOrEqualTo(WATTS * seconds)
                    .isCloseTo(WATTS * 0.02, within(WATTS * (seconds - 0.02) + 1));
            assertThat(counter.description()).contains("sampled and integrated");
        }
    }

    @Test
    void shouldBeAbsentWhenThereIsNoLibraryOrNoSuchDevice() throws Exception {
        assertThat(Nvml.open("libno-such-thing.so.1", 0)).isEmpty();
        assertThat(Nvml.open(TestGpu.library(directory), 1)).isEmpty();
        assertThat(GpuCounter.open(TestGpu.library(directory), 1)).isEmpty();
    }

    @Test
    void shouldBeAbsentWhenTheDeviceTellsNeitherEnergyNorPower() throws Exception {
        assertThat(GpuCounter.open(TestGpu.library(directory, "-DOLD", "-DMUTE"), 0))
                .isEmpty();
    }
}
