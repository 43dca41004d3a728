package dev.fewbit.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

class EvaluatorConfigTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "fewbit.evaluator.store",
            "/data/store",
            "fewbit.evaluator.sandbox-url",
            "http://127.0.0.1:8083",
            "java.io.tmpdir",
            "/var/scratch");

    @Test
    void shouldHaveTheDocumentedDefaultsWhenOnlyTheRequiredAreSet() {
        // When
        EvaluatorConfig config = read(Map.of());

        // Then
        assertThat(config.store()).isEqualTo(Path.of("/data/store"));
        assertThat(config.sandboxUrl()).isEqualTo(URI.create("http://127.0.0.1:8083"));
        assertThat(config.root()).isEqualTo(Path.of("."));
        assertThat(config.benchmarks()).isEmpty();
        assertThat(config.background()).isTrue();
        assertThat(config.slots()).isEqualTo(16);
        assertThat(config.device().gpu()).isEmpty();
        assertThat(config.gpuSlots()).isZero();
        assertThat(config.gpuNumbers()).isEqualTo(HalfNumbers.FP16);
        assertThat(config.gpuKernels()).isEqualTo(GpuKernels.NONE);
        assertThat(config.onnxruntimePath()).isEmpty();
        assertThat(config.threads()).isEqualTo(OptionalInt.empty());
        assertThat(config.engineThreads())
                .isEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        assertThat(config.maxLength()).isEqualTo(1024);
        assertThat(config.scratch()).isEqualTo(Path.of("/var/scratch"));
        assertThat(config.unitProblems()).isEqualTo(32);
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.poll()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.progressEvery()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.resendAfter()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.executionWindow()).isEqualTo(512);
        assertThat(config.faultAttempts()).isEqualTo(5);
        assertThat(config.faultBackOff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.unitAttempts()).isEqualTo(3);
        assertThat(config.unitStarts()).isEqualTo(20);
        assertThat(config.affinity()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.keepLoaded()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.gridIntensity()).isEmpty();
        assertThat(config.gridSource()).isEmpty();
        assertThat(config.openai().servers()).isEmpty();
        assertThat(config.openai().attempts()).isEqualTo(8);
        assertThat(config.openai().backOff()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.openai().longestBackOff()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.openai().longestRetryAfter()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.openai().pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.openai().patience()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void shouldTakeEveryKeyWhenAllAreSet() {
        // When
        EvaluatorConfig config = read(Map.ofEntries(
                Map.entry("root", "/opt/fewbit"),
                Map.entry("grid-intensity", "381.5"),
                Map.entry("grid-source", "grid.example, 2026"),
                Map.entry("benchmarks", "/data/benchmarks"),
                Map.entry("background", "false"),
                Map.entry("slots", "4"),
                Map.entry("device", "cuda:1"),
                Map.entry("gpu-slots", "48"),
                Map.entry("gpu-numbers", "bf16"),
                Map.entry("gpu-kernels", "exact"),
                Map.entry("onnxruntime-path", "/opt/onnxruntime"),
                Map.entry("threads", "3"),
                Map.entry("max-length", "2048"),
                Map.entry("scratch", "/scratch"),
                Map.entry("unit-problems", "8"),
                Map.entry("heartbeat", "7s"),
                Map.entry("poll", "10ms"),
                Map.entry("progress-every", "2s"),
                Map.entry("resend-after", "5m"),
                Map.entry("execution-window", "64"),
                Map.entry("fault-attempts", "2"),
                Map.entry("fault-back-off", "3s"),
                Map.entry("unit-attempts", "1"),
                Map.entry("unit-starts", "6"),
                Map.entry("affinity", "1h"),
                Map.entry("keep-loaded", "30s"),
                Map.entry("openai.servers", "https://a.example,https://b.example/v1"),
                Map.entry("openai.attempts", "3"),
                Map.entry("openai.back-off", "1s"),
                Map.entry("openai.longest-back-off", "4s"),
                Map.entry("openai.longest-retry-after", "9s"),
                Map.entry("openai.pause", "5s"),
                Map.entry("openai.patience", "1m")));

        // Then
        assertThat(config.root()).isEqualTo(Path.of("/opt/fewbit"));
        assertThat(config.gridIntensity()).hasValue(381.5);
        assertThat(config.gridSource()).hasValue("grid.example, 2026");
        assertThat(config.benchmarks()).hasValue(Path.of("/data/benchmarks"));
        assertThat(config.background()).isFalse();
        assertThat(config.slots()).isEqualTo(4);
        assertThat(config.device().gpu()).hasValue(1);
        assertThat(config.gpuSlots()).isEqualTo(48);
        assertThat(config.gpuNumbers()).isEqualTo(HalfNumbers.BF16);
        assertThat(config.gpuKernels()).isEqualTo(GpuKernels.EXACT);
        assertThat(config.onnxruntimePath()).hasValue(Path.of("/opt/onnxruntime"));
        assertThat(config.engineThreads()).isEqualTo(3);
        assertThat(config.maxLength()).isEqualTo(2048);
        assertThat(config.scratch()).isEqualTo(Path.of("/scratch"));
        assertThat(config.unitProblems()).isEqualTo(8);
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.poll()).isEqualTo(Duration.ofMillis(10));
        assertThat(config.progressEvery()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.resendAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.executionWindow()).isEqualTo(64);
        assertThat(config.faultAttempts()).isEqualTo(2);
        assertThat(config.faultBackOff()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.unitAttempts()).isEqualTo(1);
        assertThat(config.unitStarts()).isEqualTo(6);
        assertThat(config.affinity()).isEqualTo(Duration.ofHours(1));
        assertThat(config.keepLoaded()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.openai().servers()).hasValue(List.of("https://a.example", "https://b.example/v1"));
        assertThat(config.openai().attempts()).isEqualTo(3);
        assertThat(config.openai().backOff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.openai().longestBackOff()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.openai().longestRetryAfter()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.openai().pause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.openai().patience()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void shouldStartWhenTheEnvironmentHoldsKeysOfServers() {
        // Given: they begin as settings do, and are none
        EnvConfigSource environment =
                new EnvConfigSource(Map.of("FEWBIT_EVALUATOR_KEY_VLLM", "k", "FEWBIT_EVALUATOR_SLOTS", "5"), 600);

        // When, Then
        assertThat(read(Map.of(), environment).slots()).isEqualTo(5);
    }

    private static EvaluatorConfig read(Map<String, String> keys, ConfigSource... more) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        keys.forEach((key, value) -> properties.put("fewbit.evaluator." + key, value));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(EvaluatorConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .withSources(more)
                .build();
        return config.getConfigMapping(EvaluatorConfig.class);
    }
}
