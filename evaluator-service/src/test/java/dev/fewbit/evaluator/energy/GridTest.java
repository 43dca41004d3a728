package dev.fewbit.evaluator.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.evaluator.EvaluatorConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final String PREFIX = "fewbit.evaluator.";

    @Test
    void shouldHaveBothWhenBothAreConfigured() {
        // When
        Grid grid = grid(Map.of("grid-intensity", "381.5", "grid-source", "grid.example, 2026"));

        // Then
        assertThat(grid.intensity()).isEqualTo(381.5);
        assertThat(grid.source()).isEqualTo("grid.example, 2026");
        assertThat(grid(Map.of()).intensity()).isNull();
        assertThat(grid(Map.of()).source()).isNull();
    }

    @Test
    void shouldNameTheKeyWhenOneIsMissingOrNoNumber() {
        assertThatThrownBy(() -> grid(Map.of("grid-intensity", "381.5")))
                .hasMessageStartingWith("fewbit.evaluator.grid-source is missing");
        assertThatThrownBy(() -> grid(Map.of("grid-source", "x")))
                .hasMessageStartingWith("fewbit.evaluator.grid-intensity is missing");
        assertThatThrownBy(() -> grid(Map.of("grid-intensity", "-1", "grid-source", "x")))
                .hasMessageStartingWith("fewbit.evaluator.grid-intensity is -1.0; expected grams");
        assertThatThrownBy(() -> grid(Map.of("grid-intensity", "NaN", "grid-source", "x")))
                .hasMessageStartingWith("fewbit.evaluator.grid-intensity is NaN");
    }

    private static Grid grid(Map<String, String> keys) {
        Map<String, String> all = new HashMap<>(
                Map.of(PREFIX + "store", "/s", PREFIX + "sandbox-url", "http://127.0.0.1:1", "java.io.tmpdir", "/t"));
        keys.forEach((key, value) -> all.put(PREFIX + key, value));
        return new Grid(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(EvaluatorConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build()
                .getConfigMapping(EvaluatorConfig.class));
    }
}
