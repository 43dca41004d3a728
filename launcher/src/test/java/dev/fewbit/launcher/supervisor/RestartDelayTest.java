package dev.fewbit.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartDelayTest {
    private static final Duration SHORT_LIFE = Duration.ofSeconds(3);

    @Test
    void shouldDoubleDelayUpToThirtySecondsWhenChildKeepsDying() {
        // Given
        RestartDelay delay = new RestartDelay();

        // When
        List<Long> millis = new ArrayList<>();
        for (int death = 0; death < 8; death++) {
            millis.add(delay.afterDeath(SHORT_LIFE).toMillis());
        }

        // Then
        assertThat(millis).containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
        assertThat(delay.exhausted()).isTrue();
    }

    @Test
    void shouldBeginAgainWhenChildLivedAMinute() {
        // Given
        RestartDelay delay = new RestartDelay();
        for (int death = 0; death < 7; death++) {
            delay.afterDeath(SHORT_LIFE);
        }

        // When
        Duration next = delay.afterDeath(Duration.ofMinutes(1));

        // Then
        assertThat(next).isEqualTo(Duration.ofMillis(500));
        assertThat(delay.exhausted()).isFalse();
    }
}
