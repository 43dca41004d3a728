package dev.fewbit.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final HandClock clock = new HandClock();

    @Test
    void shouldPrintAPlainLineEveryFiveSecondsWhenItIsNoTerminal() {
        // Given
        ProgressDisplay display = new ProgressDisplay(out, false, clock);

        // When
        display.show(view(StudyState.RUNNING, 0, 0));
        clock.pass(Duration.ofSeconds(2));
        display.show(view(StudyState.RUNNING, 10, 1_000));
        clock.pass(Duration.ofSeconds(8));
        display.show(view(StudyState.RUNNING, 50, 5_000));
        clock.pass(Duration.ofSeconds(1));
        display.show(view(StudyState.COMPLETED, 100, 10_000));

        // Then
        assertThat(printed())
                .containsExactly(
                        "generate 0/100 0 %",
                        "generate 50/100 50 %, 500 tokens/s, 0:10 left", "generate 100/100 100 %");
    }

    @Test
    void shouldRedrawInPlaceWhenItIsATerminal() {
        // Given
        ProgressDisplay display = new ProgressDisplay(out, true, clock);

        // When
        display.show(view(StudyState.RUNNING, 0, 0));
        clock.pass(Duration.ofSeconds(1));
        display.show(view(StudyState.RUNNING, 50, 5_000));

        // Then
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "\r\u001b[2Kgenerate  ························ 0/100 0 %\n"
                                + "\u001b[1A\r\u001b[2Kgenerate  ████████████············ 50/100 50 %  5.00 k tokens/s  0:01 left\n");
    }

    @Test
    void shouldSayPaceOfThisRunAlone() {
        // Given
        ProgressDisplay display = new ProgressDisplay(out, false, clock);
        display.show(view(StudyState.RUNNING, 40, 4_000));
        clock.pass(Duration.ofSeconds(3));
        display.show(view(StudyState.COMPLETED, 100, 10_000));

        // When
        String pace = display.pace();

        // Then
        assertThat(pace)
                .isEqualTo(
                        "Generated 6,000 tokens (2,000 tokens/s) and executed 0 programs (0.0 verdicts/s) for 0 samples.");
    }

    @Test
    void shouldSayThatNothingWasComputedWhenAllWasThere() {
        // Given
        ProgressDisplay display = new ProgressDisplay(out, false, clock);
        display.show(view(StudyState.COMPLETED, 100, 0));

        // When / Then
        assertThat(display.pace()).startsWith("Nothing was computed");
    }

    private List<String> printed() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static StudyView view(StudyState state, long done, long tokens) {
        return new StudyView(
                new UUID(0, 1),
                "default",
                "study",
                "0".repeat(64),
                state,
                Instant.EPOCH,
                null,
                1,
                0,
                List.of(new StageProgress(Stage.GENERATE, done, 100, tokens)),
                null);
    }
}
