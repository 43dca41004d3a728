package dev.fewbit.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JailStatusTest {
    @Test
    void shouldReadEveryFieldWhenAStatusIsWhole() throws IsolationException {
        // When
        JailStatus status =
                JailStatus.parse("exit=-1\nsignal=9\nstop=cpu\nwall_us=1500000\ncpu_us=250\npeak=4096\nstrays=2\n");

        // Then
        assertThat(status)
                .isEqualTo(new JailStatus(
                        null, 9, Stop.CPU_TIME, Duration.ofMillis(1500), Duration.ofNanos(250_000), 4096, 2));
    }

    @Test
    void shouldBlameTheJailWhenAStatusIsMissingBrokenOrAFault() {
        assertThatThrownBy(() -> JailStatus.parse("exit=0\n")).hasMessage("the jail ended without a status");
        assertThatThrownBy(() -> JailStatus.parse("fault=/tmp: Operation not permitted\n"))
                .hasMessage("the jail could not be built: /tmp: Operation not permitted");
        assertThatThrownBy(() -> JailStatus.parse("exit=x\nstop=none\nstrays=0\n"))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("the jail's status cannot be read");
    }
}
