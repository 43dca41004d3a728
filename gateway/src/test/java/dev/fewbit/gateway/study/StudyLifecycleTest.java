package dev.fewbit.gateway.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.gateway.study.StudyLifecycle.Cancelled;
import dev.fewbit.gateway.study.StudyLifecycle.Completed;
import dev.fewbit.gateway.study.StudyLifecycle.Evaluating;
import dev.fewbit.gateway.study.StudyLifecycle.Failed;
import dev.fewbit.gateway.study.StudyLifecycle.Quantizing;
import dev.fewbit.gateway.study.StudyLifecycle.Tally;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StudyLifecycleTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    private final Quantizing quantizing = new Quantizing(2);

    @Test
    void shouldStayQuantizingWhileAnArtifactIsMissing() {
        assertThat(quantizing.advance(new Tally(1, 4, 2, 0, null), NOW)).isEqualTo(new Quantizing(1));
    }

    @Test
    void shouldEvaluateOnceAllArtifactsAreThere() {
        assertThat(quantizing.advance(new Tally(0, 4, 3, 0, null), NOW)).isEqualTo(new Evaluating(1));
    }

    @Test
    void shouldCompleteWhenEveryCellIsDone() {
        assertThat(new Evaluating(1).advance(new Tally(0, 4, 4, 0, null), NOW)).isEqualTo(new Completed(NOW));
    }

    @Test
    void shouldRunOnWhenACellFailedAndOthersAreOpen() {
        assertThat(new Evaluating(2).advance(new Tally(0, 4, 2, 1, "no memory"), NOW))
                .isEqualTo(new Evaluating(1));
    }

    @Test
    void shouldFailWhenNothingIsOpenAndACellFailed() {
        assertThat(new Evaluating(1).advance(new Tally(0, 4, 3, 1, "no memory"), NOW))
                .isEqualTo(new Failed(NOW, "1 of 4 cells failed: no memory"));
    }

    @Test
    void shouldFailFromQuantizingWhenEveryJobFailed() {
        assertThat(quantizing.advance(new Tally(0, 4, 0, 4, "no config.json"), NOW))
                .isEqualTo(new Failed(NOW, "4 of 4 cells failed: no config.json"));
    }

    @Test
    void shouldStoreTheContractsStates() {
        assertThat(quantizing.state()).isEqualTo(StudyState.RUNNING);
        assertThat(new Evaluating(1).state()).isEqualTo(StudyState.RUNNING);
        assertThat(quantizing.cancel(NOW)).isEqualTo(new Cancelled(NOW));
        assertThat(quantizing.cancel(NOW).state()).isEqualTo(StudyState.CANCELLED);
        assertThat(new Completed(NOW).state()).isEqualTo(StudyState.COMPLETED);
        assertThat(new Failed(NOW, "x").state()).isEqualTo(StudyState.FAILED);
    }
}
