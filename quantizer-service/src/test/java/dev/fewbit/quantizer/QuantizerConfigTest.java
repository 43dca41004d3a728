package dev.fewbit.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.quantizer.artifact.Device;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantizerConfigTest {
    @Test
    void shouldHaveItsDefaultsWhenOnlyTheStoreIsSet() {
        QuantizerConfig config = config(Map.of("fewbit.quantizer.store", "s"));

        assertThat(config.store()).isEqualTo(Path.of("s"));
        assertThat(config.root()).isEqualTo(Path.of("."));
        assertThat(config.workers()).isEqualTo(1);
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.poll()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.relay()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.attempts()).isEqualTo(5);
        assertThat(config.retryPause()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.abandonedAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(config.cache()).isEmpty();
        assertThat(config.benchmarks()).isEmpty();
        assertThat(config.device()).isEqualTo(Device.CPU);
        assertThat(config.memory()).isEmpty();
    }

    @Test
    void shouldTakeEveryKeyWhenAllAreSet() {
        QuantizerConfig config = config(Map.of(
                "fewbit.quantizer.store", "a",
                "fewbit.quantizer.root", "b",
                "fewbit.quantizer.cache", "c",
                "fewbit.quantizer.benchmarks", "d",
                "fewbit.quantizer.device", "cuda",
                "fewbit.quantizer.memory", "6G"));
        QuantizerConfig times = config(Map.of(
                "fewbit.quantizer.store", "a",
                "fewbit.quantizer.workers", "2",
                "fewbit.quantizer.heartbeat", "3s",
                "fewbit.quantizer.lease", "4s",
                "fewbit.quantizer.poll", "5s",
                "fewbit.quantizer.relay", "6s",
                "fewbit.quantizer.attempts", "7",
                "fewbit.quantizer.retry-pause", "8s",
                "fewbit.quantizer.abandoned-after", "9h"));

        assertThat(config.store()).isEqualTo(Path.of("a"));
        assertThat(config.root()).isEqualTo(Path.of("b"));
        assertThat(config.cache()).contains(Path.of("c"));
        assertThat(config.benchmarks()).contains(Path.of("d"));
        assertThat(config.device()).isEqualTo(Device.CUDA);
        assertThat(config.memory().map(MemorySize::asLongValue)).contains(6L << 30);
        assertThat(times.workers()).isEqualTo(2);
        assertThat(times.heartbeat()).isEqualTo(Duration.ofSeconds(3));
        assertThat(times.lease()).isEqualTo(Duration.ofSeconds(4));
        assertThat(times.poll()).isEqualTo(Duration.ofSeconds(5));
        assertThat(times.relay()).isEqualTo(Duration.ofSeconds(6));
        assertThat(times.attempts()).isEqualTo(7);
        assertThat(times.retryPause()).isEqualTo(Duration.ofSeconds(8));
        assertThat(times.abandonedAfter()).isEqualTo(Duration.ofHours(9));
    }

    private static QuantizerConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(QuantizerConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(QuantizerConfig.class);
    }
}
