package dev.fewbit.gateway.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.EvaluationResult;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.testing.Answers;
import dev.fewbit.gateway.testing.Conversation;
import dev.fewbit.gateway.testing.EvaluatorStub;
import dev.fewbit.gateway.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(EvaluatorStub.class)
class OrchestrationIT {
    @Inject
    Conversation conversation;

    @Inject
    Orchestrator orchestrator;

    private String team;
    private UUID study;
    private List<QuantizationRequest> jobs;

    @BeforeEach
    void createAStudy() {
        team = Conversation.newTeam();
        study = conversation.create(team).id();
        jobs = conversation.quantizationRequests(study, 2);
    }

    @Test
    void shouldEvaluateEachArtifactOnEachBenchmarkAndComplete() {
        // When
        conversation.say(
                "quantization-results", Answers.made(team, study, jobs.get(0).jobId(), 1, "artifact-16"));

        // Then
        List<EvaluationRequest> first = conversation.evaluationRequests(study, 2);
        assertThat(first)
                .hasSize(2)
                .allSatisfy(request -> {
                    assertThat(request.artifactId()).isEqualTo("artifact-16");
                    assertThat(request.samples()).isEqualTo(2);
                    assertThat(request.team()).isEqualTo(team);
                })
                .extracting(request -> request.benchmark().language().label())
                .containsExactly("python", "java");

        // When
        conversation.say(
                "quantization-results", Answers.made(team, study, jobs.get(1).jobId(), 1, "artifact-4"));
        List<EvaluationRequest> all = conversation.evaluationRequests(study, 4);
        all.forEach(request -> conversation.say(
                "evaluation-results",
                Answers.evaluated(team, study, request.evaluationId(), Answers.summary(0.6, 0.5, 0.7))));

        // Then
        StudyView done = conversation.awaitState(team, study, StudyState.COMPLETED);
        assertThat(done.cellsDone()).isEqualTo(4);
        assertThat(done.finishedAt()).isNotNull();
        assertThat(done.failure()).isNull();
        assertThat(done.progress())
                .containsExactly(
                        new StageProgress(Stage.QUANTIZE, 2, 2, 0),
                        new StageProgress(Stage.GENERATE, 80, 80, 4000),
                        new StageProgress(Stage.EXECUTE, 80, 80, 60));
    }

    @Test
    void shouldEvaluateAServedModelAtOnceAndReportItAsStated() {
        // Given
        String served = """
                name: A served study
                models:
                  - name: tiny
                    generator:
                      openai: {url: "http://127.0.0.1:8080", model: tiny-q4}
                      bits: 4
                      stored_bytes: 1234
                benchmarks:
                  - {name: small, language: python, file: some/python.jsonl, choose: {problems: 10}}
                  - {name: small, language: java, file: some/java.jsonl, choose: {problems: 10}}
                samples: 2
                """;

        // When
        UUID servedStudy = conversation.create(team, served).id();

        // Then
        List<EvaluationRequest> requests = conversation.evaluationRequests(servedStudy, 2);
        assertThat(requests).hasSize(2).allSatisfy(request -> {
            assertThat(request.artifactId()).isNull();
            assertThat(request.generator().openai().model()).isEqualTo("tiny-q4");
            assertThat(request.generator().storedBytes()).isEqualTo(1234);
        });

        // When
        requests.forEach(request -> conversation.say(
                "evaluation-results",
                Answers.evaluated(team, servedStudy, request.evaluationId(), Answers.summary(0.6, 0.5, 0.7))));

        // Then
        StudyView done = conversation.awaitState(team, servedStudy, StudyState.COMPLETED);
        assertThat(done.progress().getFirst()).isEqualTo(new StageProgress(Stage.QUANTIZE, 0, 0, 0));
        StudyReport report = Conversation.as(team)
                .get("/api/v1/studies/" + servedStudy + "/report")
                .then()
                .statusCode(200)
                .extract()
                .as(StudyReport.class);
        assertThat(report.cells()).hasSize(2).allSatisfy(cell -> {
            assertThat(cell.method()).isEqualTo("openai: tiny-q4");
            assertThat(cell.storedBytes()).isEqualTo(1234);
            assertThat(cell.stated()).isTrue();
            assertThat(cell.residentBytes()).isNull();
            assertThat(cell.idealBytes()).isNull();
        });
    }

    @Test
    void shouldCountAResultOnceWhenItComesTwice() {
        // Given
        QuantizationResult made = Answers.made(team, study, jobs.get(0).jobId(), 1, "artifact-16");
        orchestrator.onQuantization(made);
        EvaluationRequest request = conversation.evaluationRequests(study, 2).getFirst();
        EvaluationResult evaluated =
                Answers.evaluated(team, study, request.evaluationId(), Answers.summary(0.6, 0.5, 0.7));
        orchestrator.onEvaluation(evaluated);

        // When
        orchestrator.onQuantization(made);
        orchestrator.onEvaluation(evaluated);
        // The same evaluation under another event id, with other numbers.
        orchestrator.onEvaluation(
                Answers.evaluated(team, study, request.evaluationId(), Answers.summary(0.1, 0.0, 0.2)));
        orchestrator.onEvaluation(Answers.notEvaluated(team, study, request.evaluationId(), "too late"));

        // Then
        StudyView view = conversation.get(team, study);
        assertThat(view.state()).isEqualTo(StudyState.RUNNING);
        assertThat(view.cellsDone()).isEqualTo(1);
        // A job of another study passes through the outbox after all that could have been written for this one.
        UUID other = conversation.create(team).id();
        conversation.quantizationRequests(other, 2);
        assertThat(conversation.evaluationRequests(study, 2)).hasSize(2);
    }

    @Test
    void shouldKeepTheFirstArtifactWhenAnotherAttemptIsLate() {
        // Given
        orchestrator.onQuantization(Answers.made(team, study, jobs.get(0).jobId(), 2, "artifact-of-attempt-2"));

        // When
        orchestrator.onQuantization(Answers.made(team, study, jobs.get(0).jobId(), 1, "artifact-of-attempt-1"));
        orchestrator.onQuantization(Answers.notMade(team, study, jobs.get(0).jobId(), 1, "lost its lease"));

        // Then
        UUID other = conversation.create(team).id();
        conversation.quantizationRequests(other, 2);
        assertThat(conversation.evaluationRequests(study, 2))
                .hasSize(2)
                .extracting(EvaluationRequest::artifactId)
                .containsOnly("artifact-of-attempt-2");
    }

    @Test
    void shouldFailTheCellsOfAFailedJobAndFinishTheOthers() {
        // Given
        orchestrator.onQuantization(
                Answers.notMade(team, study, jobs.get(1).jobId(), 1, "some/checkpoint: no config.json"));
        assertThat(conversation.get(team, study).state()).isEqualTo(StudyState.RUNNING);

        // When
        orchestrator.onQuantization(Answers.made(team, study, jobs.get(0).jobId(), 1, "artifact-16"));
        conversation
                .evaluationRequests(study, 2)
                .forEach(request -> orchestrator.onEvaluation(
                        Answers.evaluated(team, study, request.evaluationId(), Answers.summary(0.6, 0.5, 0.7))));

        // Then
        StudyView view = conversation.get(team, study);
        assertThat(view.state()).isEqualTo(StudyState.FAILED);
        assertThat(view.cellsDone()).isEqualTo(2);
        assertThat(view.failure()).isEqualTo("2 of 4 cells failed: some/checkpoint: no config.json");
    }

    @Test
    void shouldLetNothingChangeACancelledStudy() {
        // Given
        orchestrator.cancel(team, study);

        // When
        jobs.forEach(job -> orchestrator.onQuantization(
                Answers.made(team, study, job.jobId(), 1, "artifact of a cancelled study")));

        // Then
        assertThat(conversation.get(team, study).state()).isEqualTo(StudyState.CANCELLED);
        UUID other = conversation.create(team).id();
        conversation.quantizationRequests(other, 2);
        assertThat(conversation.said(Topics.EVALUATION_REQUESTS, EvaluationRequest.class))
                .noneMatch(request -> request.studyId().equals(study));
    }

    @Test
    void shouldShowTheLatestProgressWhateverTheOrder() {
        // Given
        Instant now = Instant.parse("2026-11-25T10:00:00Z");
        UUID job = jobs.get(1).jobId();

        // When
        conversation.say("progress", Answers.progress(team, study, job, Stage.QUANTIZE, 7, 30, now));
        conversation.say("progress", Answers.progress(team, study, job, Stage.QUANTIZE, 3, 30, now.minusSeconds(1)));
        conversation.say("progress", Answers.progress(team, study, jobs.get(0).jobId(), Stage.QUANTIZE, 1, 30, now));

        // Then
        StudyView view =
                conversation.await(team, study, v -> v.progress().getFirst().done() == 8);
        assertThat(view.progress().getFirst()).isEqualTo(new StageProgress(Stage.QUANTIZE, 8, 60, 800));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"jobId\": 5", "null", ""})
    void shouldRefuseWhatCannotBeReadAndGoOn(String unreadable) {
        // Given
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        Message<String> nonsense = Message.of(unreadable).withNack(reason -> {
            refused.complete(reason);
            return CompletableFuture.completedFuture(null);
        });

        // When
        conversation.say("quantization-results", nonsense);
        conversation.say(
                "quantization-results", Answers.made(team, study, jobs.get(0).jobId(), 1, "artifact-16"));

        // Then
        Awaitility.await().until(refused::isDone);
        assertThat(refused.join()).hasMessageStartingWith("QuantizationResult cannot be read: ");
        assertThat(conversation.evaluationRequests(study, 2)).hasSize(2);
    }

    @Test
    void shouldEndStudyWhenReasonHoldsWhatDatabaseRefuses() {
        // When
        jobs.forEach(job -> conversation.say(
                "quantization-results", Answers.notMade(team, study, job.jobId(), 1, "header is \0\0")));

        // Then
        assertThat(conversation.awaitState(team, study, StudyState.FAILED).failure())
                .isEqualTo("4 of 4 cells failed: header is \uFFFD\uFFFD");
    }
}
