package dev.fewbit.evaluator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.evaluation.Evaluations;
import dev.fewbit.evaluator.generation.Samples;
import dev.fewbit.evaluator.generation.Samples.NewSample;
import dev.fewbit.evaluator.generation.UnitClaim;
import dev.fewbit.evaluator.generation.WorkUnits;
import dev.fewbit.evaluator.summary.EvaluationWatch;
import dev.fewbit.evaluator.testing.Fixture;
import dev.fewbit.evaluator.testing.Quiet;
import dev.fewbit.evaluator.testing.Surroundings;
import dev.fewbit.objectstore.Digests;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Quiet.class)
@WithTestResource(Surroundings.class)
class VerdictsIT {
    @Inject
    Verdicts verdicts;

    @Inject
    ExecutionRelay relay;

    @Inject
    Samples samples;

    @Inject
    WorkUnits units;

    @Inject
    Evaluations evaluations;

    @Inject
    EvaluationWatch watch;

    @Inject
    Fixture fixture;

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    private EvaluationRequest evaluation;
    private String execution;

    @BeforeEach
    void askForOneExecution() {
        fixture.clear();
        broker.sink("execution-requests").clear();
        broker.sink("evaluation-results").clear();
        evaluation = fixture.running(fixture.artifact("a"), 1, 1);
        UnitClaim claim =
                units.claim("w", "", Duration.ZERO, Duration.ofMinutes(5)).orElseThrow();
        samples.store(
                claim, List.of(new NewSample("p0", 0, "program", 5, "stop", 0.5, null, null)), ResourceUse.UNKNOWN);
        relay.publishNew();
        execution = fixture.value("SELECT id FROM execution");
    }

    @Test
    void shouldPublishOnceWithProgramAndTestsWhenAsked() throws Exception {
        // When
        relay.publishNew();

        // Then
        List<? extends Message<String>> requests = requests();
        assertThat(requests).hasSize(1);
        JsonNode request = new JsonMapper().readTree(requests.getFirst().getPayload());
        assertThat(request.path("executionId").asText()).isEqualTo(execution);
        assertThat(request.path("attempt").asInt()).isEqualTo(1);
        assertThat(request.path("team").asText()).isEqualTo("blue");
        assertThat(request.path("program").path("inline").asText()).isEqualTo("program");
        assertThat(request.path("program").path("digest").asText()).isEqualTo(Digests.of("program"));
        assertThat(request.path("tests").path("inline").asText()).isEqualTo("f0()\n");
        assertThat(request.path("limits").path("cpuTime").asText()).isEqualTo("PT3S");
    }

    @Test
    void shouldKeepTheFirstVerdictWhenAnswersRepeat() {
        // When
        verdicts.accept(Fixture.answer(execution, 1, Verdict.PASSED));
        verdicts.accept(Fixture.answer(execution, 1, Verdict.TIMED_OUT));
        verdicts.accept(Fixture.answer(execution, 1, Verdict.INFRASTRUCTURE_FAULT));
        verdicts.accept(Fixture.answer("0".repeat(64), 1, Verdict.PASSED));

        // Then
        assertThat(fixture.value("SELECT verdict || ' ' || faults FROM execution"))
                .isEqualTo("PASSED 0");
    }

    @Test
    void shouldAskAgainWithTheNextAttemptWhenTheSandboxFailed() throws Exception {
        // When
        verdicts.accept(Fixture.answer(execution, 1, Verdict.INFRASTRUCTURE_FAULT));
        verdicts.accept(Fixture.answer(execution, 1, Verdict.INFRASTRUCTURE_FAULT));
        relay.publishNew();
        int beforeTheBackOff = requests().size();
        fixture.execute("UPDATE execution SET not_before = now()");
        relay.publishNew();

        // Then the repeat of the first fault did not count, and the second request waited
        assertThat(beforeTheBackOff).isEqualTo(1);
        assertThat(fixture.value("SELECT faults FROM execution")).isEqualTo("1");
        assertThat(requests()).hasSize(2);
        assertThat(new JsonMapper()
                        .readTree(requests().getLast().getPayload())
                        .path("attempt")
                        .asInt())
                .isEqualTo(2);
        verdicts.accept(Fixture.answer(execution, 2, Verdict.ASSERTION_FAILED));
        assertThat(fixture.value("SELECT verdict FROM execution")).isEqualTo("ASSERTION_FAILED");
    }

    @Test
    void shouldFailTheEvaluationAndNotTheModelWhenTheSandboxKeepsFailing() {
        // When
        for (int attempt = 1; attempt <= 3; attempt++) {
            verdicts.accept(Fixture.answer(execution, attempt, Verdict.INFRASTRUCTURE_FAULT));
            fixture.execute("UPDATE execution SET not_before = now()");
            relay.publishNew();
        }
        watch.look();

        // Then
        assertThat(failure()).isEqualTo("p0 sample 0: infrastructure fault: what the sandbox says (3 times)");
        assertThat(fixture.value("SELECT count(*) FROM execution WHERE verdict IS NOT NULL"))
                .isEqualTo("0");
        assertThat(fixture.value("SELECT payload::json ->> 'summary' FROM outbox"))
                .isEqualTo("null");
        assertThat(fixture.value("SELECT payload::json ->> 'failure' FROM outbox"))
                .isEqualTo(failure());
        assertThat(requests()).hasSize(3);
    }

    @Test
    void shouldTryAgainWhenALaterStudyAsksForWhatWasGivenUp() {
        // Given
        fixture.execute("UPDATE execution SET given_up = true, faults = 3, fault = 'x'");
        fixture.running(evaluation.artifactId(), 1, 1);

        // When
        samples.store(
                units.claim("w", "", Duration.ZERO, Duration.ofMinutes(5)).orElseThrow(),
                List.of(),
                ResourceUse.UNKNOWN);
        relay.publishNew();

        // Then
        assertThat(requests()).hasSize(2);
        assertThat(fixture.value("SELECT given_up || ' ' || faults || ' ' || attempt FROM execution"))
                .isEqualTo("false 0 2");
    }

    @Test
    void shouldFailWhenTheSandboxHasAnotherToolchainThanTheEvaluation() {
        // When
        verdicts.accept(Fixture.answer(execution, 1, Verdict.PASSED, "CPython 3.12.0"));
        watch.look();

        // Then
        assertThat(failure())
                .isEqualTo("p0 sample 0: the sandbox answers with CPython 3.12.0 (judge 4), but the evaluation was"
                        + " prepared for CPython 3.11.2 (judge 4)");
    }

    @Test
    void shouldAskAgainOnlyWhenNothingWasAnsweredForLong() {
        // Given another execution was answered lately
        fixture.execute("UPDATE execution SET asked_at = now() - interval '2 minutes'");
        fixture.execute("INSERT INTO execution (id, team, language, program_digest, tests_digest, limits, toolchain,"
                + " judge_version, verdict, answered_at) SELECT 'other', team, language, program_digest, tests_digest,"
                + " limits, toolchain, judge_version, 'PASSED', now() FROM execution");
        relay.publishLost();
        assertThat(requests()).hasSize(1);

        // When
        fixture.execute("UPDATE execution SET answered_at = now() - interval '2 minutes' WHERE id = 'other'");
        relay.publishLost();

        // Then
        assertThat(requests()).hasSize(2);
        relay.publishLost();
        assertThat(requests()).hasSize(2);
    }

    @Test
    void shouldAskAgainAnywayWhenOneAnswerIsSurelyLost() {
        // Given
        fixture.execute("UPDATE execution SET asked_at = now() - interval '11 minutes', answered_at = now()");

        // When
        relay.publishLost();

        // Then
        assertThat(requests()).hasSize(2);
    }

    private String failure() {
        return evaluations.get(evaluation.evaluationId()).orElseThrow().failure();
    }

    private List<? extends Message<String>> requests() {
        return broker.<String>sink("execution-requests").received();
    }
}
