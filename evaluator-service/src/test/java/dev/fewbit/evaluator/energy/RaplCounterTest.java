package dev.fewbit.evaluator.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expected joules are worked out by hand from the microjoules written. */
class RaplCounterTest {
    @TempDir
    private Path powercap;

    @Test
    void shouldAddPackagesAndLeaveTheirPartsOutWhenSeveralAreThere() throws IOException {
        // Given
        zone("intel-rapl:0", 1_000_000, 10_000_000);
        zone("intel-rapl:1", 2_000_000, 10_000_000);
        zone("intel-rapl:0:0", 500_000, 10_000_000);
        EnergyCounter counter = RaplCounter.open(powercap).orElseThrow();

        // When
        zone("intel-rapl:0", 1_500_000, 10_000_000);
        zone("intel-rapl:1", 5_000_000, 10_000_000);
        zone("intel-rapl:0:0", 900_000, 10_000_000);

        // Then
        assertThat(counter.joules()).isEqualTo(3.5);
        assertThat(counter.joules()).isEqualTo(3.5);
        assertThat(counter.description()).startsWith("RAPL, 2 processor packages");
    }

    @Test
    void shouldGoOnWhenTheCounterFallsBackToZero() throws IOException {
        // Given
        zone("intel-rapl:0", 9_000_000, 10_000_000);
        EnergyCounter counter = RaplCounter.open(powercap).orElseThrow();

        // When
        zone("intel-rapl:0", 250_000, 10_000_000);

        // Then: 1 J to the end of its range, 0.25 J behind it
        assertThat(counter.joules()).isEqualTo(1.25);
    }

    @Test
    void shouldBeAbsentWhenNothingIsThere() {
        assertThat(RaplCounter.open(powercap)).isEmpty();
        assertThat(RaplCounter.open(powercap.resolve("none"))).isEmpty();
    }

    @Test
    void shouldSayThatMeasuringEndsWhenTheCounterGoesAway() throws IOException {
        // Given
        zone("intel-rapl:0", 1, 10);
        EnergyCounter counter = RaplCounter.open(powercap).orElseThrow();
        Files.delete(powercap.resolve("intel-rapl:0/energy_uj"));

        // Then
        assertThatThrownBy(counter::joules).isInstanceOf(EnergyException.class).hasMessageContaining("energy_uj");
    }

    private void zone(String name, long microjoules, long range) throws IOException {
        Path zone = Files.createDirectories(powercap.resolve(name));
        Files.writeString(zone.resolve("energy_uj"), microjoules + "\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), range + "\n");
    }
}
