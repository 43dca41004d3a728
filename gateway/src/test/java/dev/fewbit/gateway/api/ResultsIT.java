package dev.fewbit.gateway.api;

import static dev.fewbit.gateway.testing.Conversation.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.evaluation.SampleView;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.contracts.study.SampleLine;
import dev.fewbit.gateway.orchestration.Orchestrator;
import dev.fewbit.gateway.testing.Answers;
import dev.fewbit.gateway.testing.Conversation;
import dev.fewbit.gateway.testing.EvaluatorStub;
import dev.fewbit.gateway.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(EvaluatorStub.class)
class ResultsIT {
    @Inject
    Conversation conversation;

    @Inject
    Orchestrator orchestrator;

    @Inject
    ObjectMapper mapper;

    @TestHTTPResource
    URI gateway;

    private String team;
    private UUID study;
    private String path;

    @BeforeEach
    void createAStudy() {
        team = Conversation.newTeam();
        study = conversation.create(team).id();
        path = "/api/v1/studies/" + study;
    }

    @Test
    void shouldAnswer409WhileNothingIsFinished() {
        as(team).get(path + "/report")
                .then()
                .statusCode(409)
                .contentType(equalTo("application/problem+json"))
                .body(
                        "detail",
                        equalTo("study " + study + " is running and has no finished cell yet: ask again later"));
        as(team).get(path + "/samples").then().statusCode(409);
    }

    @Test
    void shouldReportCellsByLanguageAndFallingWidth() {
        // Given
        finishAll();

        // Then
        as(team).get(path + "/report")
                .then()
                .statusCode(200)
                .contentType(startsWith("application/json"))
                .body("study", equalTo("A small study"))
                .body("cells.language", equalTo(List.of("java", "java", "python", "python")))
                .body("cells.bits", equalTo(List.of(16, 4, 16, 4)))
                .body("cells.method", equalTo(List.of("none", "rtn", "none", "rtn")))
                .body("cells[0].containsKey('calibration')", equalTo(true))
                .body("cells[0].calibration", equalTo(null))
                .body("cells[0].storedBytes", equalTo(1000))
                .body("cells[0].quantizeSeconds", equalTo(1.5f))
                .body("cells[0].evaluateSeconds", equalTo(4.5f))
                .body("cells[0].reused", equalTo(false))
                .body("sentence", startsWith("On tiny, "))
                .body("provenance.state", equalTo("completed"))
                .body("provenance.cellsDone", equalTo(4))
                .body("provenance.artifacts[0].provenance.checkpointDigest", equalTo("c0ffee"))
                .body("provenance.evaluations[0].provenance.engine", equalTo("onnxruntime 1.29.0"))
                .body("provenance.specification.samples", equalTo(2));
    }

    @Test
    void shouldReportWhatIsDoneOfARunningStudyAndSaySo() {
        // Given
        finish(jobs().getFirst(), 2);

        // Then
        as(team).get(path + "/report")
                .then()
                .statusCode(200)
                .body("sentence", startsWith("With 2 of 4 cells done: on tiny, "))
                .body("provenance.state", equalTo("running"))
                .body("provenance.cellsDone", equalTo(2));
    }

    @Test
    void shouldRenderOneSelfContainedPageWhenHtmlIsAccepted() {
        // Given
        finishAll();

        // Then
        as(team).accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .get(path + "/report")
                .then()
                .statusCode(200)
                .contentType(startsWith("text/html"))
                .body(containsString("<h1>A small study</h1>"))
                .body(containsString("0.500 to 0.700"))
                .body(containsString("role=\"img\""))
                .body(not(containsString("<script")))
                .body(not(containsString("http://")))
                .body(not(containsString("https://")))
                .body(not(containsString("NOT_FOUND")));
        as(team).accept("image/png").get(path + "/report").then().statusCode(406);
    }

    @Test
    void shouldStreamSamplesWithTheirCells() throws IOException {
        // Given
        List<EvaluationRequest> evaluations = finishAll();
        for (EvaluationRequest request : evaluations) {
            String lines = json(new SampleView("p0", 0, "def f(): pass\n", Verdict.PASSED)) + "\n"
                    + json(new SampleView("p0", 1, "déf \u2028 <b>", Verdict.ASSERTION_FAILED)) + "\n";
            EvaluatorStub.answer(request.evaluationId(), new EvaluatorStub.Answer(200, lines, team, false));
        }

        // When
        String body = as(team).get(path + "/samples")
                .then()
                .statusCode(200)
                .contentType(startsWith("application/jsonl"))
                .extract()
                .asString();

        // Then
        List<String> lines = body.lines().toList();
        assertThat(lines).hasSize(8);
        SampleLine second = mapper.readValue(lines.get(1), SampleLine.class);
        assertThat(second.model()).isEqualTo("tiny");
        assertThat(second.bits()).isEqualTo(16);
        assertThat(second.language().label()).isEqualTo("python");
        assertThat(second.program()).isEqualTo("déf \u2028 <b>");
        assertThat(second.verdict()).isEqualTo(Verdict.ASSERTION_FAILED);
        assertThat(lines.get(1)).contains("\"calibration\":null", "\"verdict\":\"assertion-failed\"");
    }

    @Test
    void shouldAnswer502WhenTheEvaluatorDoesNot() {
        // Given
        finishAll()
                .forEach(request -> EvaluatorStub.answer(
                        request.evaluationId(), new EvaluatorStub.Answer(500, "a stack trace", team, false)));

        // Then
        as(team).get(path + "/samples")
                .then()
                .statusCode(502)
                .contentType(equalTo("application/problem+json"))
                .body("detail", startsWith("the evaluator answered 500 for the samples of evaluation "))
                .body(not(containsString("a stack trace")));
    }

    @Test
    void shouldBreakOffWhenTheEvaluatorDoes() throws IOException, InterruptedException {
        // Given
        List<EvaluationRequest> evaluations = finishAll();
        String line = json(new SampleView("p0", 0, "x".repeat(20_000), Verdict.PASSED)) + "\n";
        EvaluatorStub.answer(
                evaluations.get(0).evaluationId(), new EvaluatorStub.Answer(200, line.repeat(10), team, false));
        EvaluatorStub.answer(
                evaluations.get(1).evaluationId(), new EvaluatorStub.Answer(200, line.repeat(10), team, true));
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve(path + "/samples"))
                .header("Fewbit-Team", team)
                .build();

        // Then: a client that reads to the end can tell that it is not the end.
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    private List<QuantizationRequest> jobs() {
        return conversation.quantizationRequests(study, 2);
    }

    private List<EvaluationRequest> finishAll() {
        finish(jobs().get(0), 2);
        return finish(jobs().get(1), 4);
    }

    /** Makes a job's artifact and evaluates what is asked for then. */
    private List<EvaluationRequest> finish(QuantizationRequest job, int asked) {
        orchestrator.onQuantization(Answers.made(team, study, job.jobId(), 1, "artifact of " + job.jobId()));
        List<EvaluationRequest> requests = conversation.evaluationRequests(study, asked);
        requests.forEach(request -> orchestrator.onEvaluation(
                Answers.evaluated(team, study, request.evaluationId(), Answers.summary(0.6, 0.5, 0.7))));
        return requests;
    }

    private String json(SampleView sample) {
        try {
            return mapper.writeValueAsString(sample);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
