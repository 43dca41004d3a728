package dev.fewbit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {

    @Test
    void shouldHaveTheDocumentedDefaults() {
        // When
        GatewayConfig config = config(Map.of());

        // Then
        assertThat(config.evaluatorUrl()).isEqualTo(URI.create("http://127.0.0.1:8083"));
        assertThat(config.evaluatorConnectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.evaluatorAnswerTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.limits().studyFile().asLongValue()).isEqualTo(1 << 20);
        assertThat(config.limits().cells()).isEqualTo(10_000);
        assertThat(config.limits().listedStudies()).isEqualTo(500);
        assertThat(config.events().interval()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.events().heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.messages().retention()).isEqualTo(Duration.ofDays(7));
        assertThat(config.messages().sendTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldReadEveryKey() {
        // When
        GatewayConfig config = config(Map.of(
                "fewbit.gateway.evaluator-url", "http://evaluator:9000",
                "fewbit.gateway.evaluator-connect-timeout", "1s",
                "fewbit.gateway.evaluator-answer-timeout", "2s",
                "fewbit.gateway.limits.study-file", "64K",
                "fewbit.gateway.limits.cells", "3",
                "fewbit.gateway.limits.listed-studies", "4",
                "fewbit.gateway.events.interval", "5ms",
                "fewbit.gateway.events.heartbeat", "6s",
                "fewbit.gateway.messages.retention", "7h",
                "fewbit.gateway.messages.send-timeout", "8s"));

        // Then
        assertThat(config.evaluatorUrl()).isEqualTo(URI.create("http://evaluator:9000"));
        assertThat(config.evaluatorConnectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.evaluatorAnswerTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.limits().studyFile().asLongValue()).isEqualTo(64 * 1024);
        assertThat(config.limits().cells()).isEqualTo(3);
        assertThat(config.limits().listedStudies()).isEqualTo(4);
        assertThat(config.events().interval()).isEqualTo(Duration.ofMillis(5));
        assertThat(config.events().heartbeat()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.messages().retention()).isEqualTo(Duration.ofHours(7));
        assertThat(config.messages().sendTimeout()).isEqualTo(Duration.ofSeconds(8));
    }

    private static GatewayConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(GatewayConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(GatewayConfig.class);
    }
}
