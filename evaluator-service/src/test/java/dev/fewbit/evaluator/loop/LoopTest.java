package dev.fewbit.evaluator.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void shouldRepeatAtOnceWhileThereIsMoreAndStopWhenClosed() {
        // Given
        AtomicInteger steps = new AtomicInteger();
        Loop loop = new Loop("test", LONG, () -> steps.incrementAndGet() < 5);

        // When
        loop.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> steps.get() == 5);
        loop.close();

        // Then
        assertThat(loop.isAlive()).isFalse();
        assertThat(steps).hasValue(5);
    }

    @Test
    void shouldEndItsPauseWhenWoken() throws Exception {
        // Given
        CountDownLatch twice = new CountDownLatch(2);
        try (Loop loop = new Loop("test", LONG, () -> {
            twice.countDown();
            return false;
        })) {
            loop.start();

            // When
            loop.wake();

            // Then
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                loop.wake();
                return twice.await(10, TimeUnit.MILLISECONDS);
            });
        }
    }

    @Test
    void shouldGoOnWhenAStepFails() {
        // Given
        AtomicInteger steps = new AtomicInteger();
        try (Loop loop = new Loop("test", LONG, () -> {
            if (steps.incrementAndGet() == 1) {
                throw new IllegalStateException("the database restarts");
            }
            return false;
        })) {
            // When
            loop.start();

            // Then
            await().atMost(Duration.ofSeconds(10)).until(() -> steps.get() >= 2);
            assertThat(loop.isAlive()).isTrue();
        }
    }
}
