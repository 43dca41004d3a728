package dev.fewbit.gateway.api;

import static dev.fewbit.gateway.testing.Conversation.STUDY;
import static dev.fewbit.gateway.testing.Conversation.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudyPlan;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.testing.Conversation;
import dev.fewbit.gateway.testing.EvaluatorStub;
import dev.fewbit.gateway.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(EvaluatorStub.class)
class StudiesIT {
    @Inject
    Conversation conversation;

    @Test
    void shouldPlanTheQuickstartWithoutStartingIt() throws IOException {
        // Given
        String team = Conversation.newTeam();
        String quickstart = Files.readString(Path.of(System.getProperty("fewbit.root"), "studies", "quickstart.yaml"));

        // When
        StudyPlan plan = as(team).contentType("application/yaml")
                .queryParam("dryRun", true)
                .body(bytes(quickstart))
                .post("/api/v1/studies")
                .then()
                .statusCode(200)
                .extract()
                .as(StudyPlan.class);

        // Then
        assertThat(plan.artifacts()).isEqualTo(7);
        assertThat(plan.cells()).hasSize(14).allSatisfy(cell -> {
            assertThat(cell.problems()).isEqualTo(150);
            assertThat(cell.samplesPerProblem()).isEqualTo(3);
        });
        as(team).get("/api/v1/studies").then().statusCode(200).body("$", hasSize(0));
    }

    @Test
    void shouldPlanAStudyThatNamesABenchmarkWhenTheEvaluatorHasIt() {
        // When
        StudyPlan plan = as(Conversation.newTeam())
                .contentType("application/yaml")
                .queryParam("dryRun", true)
                .body(bytes(naming("humaneval")))
                .post("/api/v1/studies")
                .then()
                .statusCode(200)
                .extract()
                .as(StudyPlan.class);

        // Then
        assertThat(plan.cells()).extracting(cell -> cell.language().label()).containsOnly("python");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mbpp|benchmarks[0].name is mbpp; allowed: a benchmark that the evaluator has: benchmark mbpp needs the file d/mbpp/mbpp.jsonl",
                "human eval|benchmarks[0].name is human eval; allowed: a known benchmark, or one with a file",
            })
    void shouldStartNothingWhenTheEvaluatorLacksABenchmark(String name, String complaint) {
        // Given
        String team = Conversation.newTeam();

        // When
        as(team).contentType("application/yaml")
                .body(bytes(naming(name)))
                .post("/api/v1/studies")
                .then()
                .statusCode(422)
                .body("detail", equalTo(complaint));

        // Then
        as(team).get("/api/v1/studies").then().statusCode(200).body("$", hasSize(0));
    }

    private static String naming(String benchmark) {
        return """
                name: A benchmark by name
                models: [{name: tiny, checkpoint: some/checkpoint}]
                recipes: [{method: none, bits: 16}]
                benchmarks: [{name: %s}]
                samples: 2
                """.formatted(benchmark);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/yaml", "application/x-yaml", "text/yaml"})
    void shouldCreateAStudyAndAskForItsArtifacts(String contentType) {
        // Given
        String team = Conversation.newTeam();

        // When
        ValidatableResponse response = as(team).contentType(contentType)
                .body(bytes(STUDY))
                .post("/api/v1/studies")
                .then()
                .statusCode(201);
        StudyView study = response.extract().as(StudyView.class);

        // Then
        assertThat(response.extract().header("Location")).endsWith("/api/v1/studies/" + study.id());
        assertThat(study.team()).isEqualTo(team);
        assertThat(study.name()).isEqualTo("A small study");
        assertThat(study.state()).isEqualTo(StudyState.RUNNING);
        assertThat(study.cells()).isEqualTo(4);
        assertThat(study.cellsDone()).isZero();
        assertThat(study.finishedAt()).isNull();
        assertThat(study.progress()).extracting(StageProgress::total).containsExactly(2L, 80L, 80L);
        List<QuantizationRequest> requests = conversation.quantizationRequests(study.id(), 2);
        assertThat(requests)
                .hasSize(2)
                .allSatisfy(request -> {
                    assertThat(request.team()).isEqualTo(team);
                    assertThat(request.checkpoint()).isEqualTo("some/checkpoint");
                })
                .extracting(request -> request.recipe().bits())
                .containsExactly(16, 4);
        assertThat(conversation.keys(Topics.QUANTIZATION_REQUESTS))
                .containsSubsequence(
                        requests.get(0).jobId().toString(),
                        requests.get(1).jobId().toString());
    }

    @Test
    void shouldGiveEqualStudiesEqualDigestsInYamlAndJson() {
        // Given
        String team = Conversation.newTeam();
        String json = """
                {"samples": 2, "name": "A small study", "models": [{"name": "tiny", "checkpoint": "some/checkpoint"}],
                 "recipes": [{"method": "none", "bits": 16}, {"bits": 4, "method": "rtn", "block_size": 64}],
                 "benchmarks": [
                   {"name": "small", "language": "python", "file": "some/python.jsonl", "choose": {"problems": 10}},
                   {"name": "small", "language": "java", "file": "some/java.jsonl", "choose": {"problems": 10}}]}
                """;

        // When
        StudyView fromYaml = conversation.create(team);
        StudyView fromJson = as(team).contentType("application/json")
                .body(bytes(json))
                .post("/api/v1/studies")
                .then()
                .statusCode(201)
                .extract()
                .as(StudyView.class);

        // Then
        assertThat(fromJson.digest()).isEqualTo(fromYaml.digest()).matches("[0-9a-f]{64}");
    }

    @Test
    void shouldListNewestFirstAndOnlyTheTeamsOwn() {
        // Given
        String team = Conversation.newTeam();
        UUID older = conversation.create(team).id();
        UUID newer = conversation.create(team).id();
        UUID foreign = conversation.create(Conversation.newTeam()).id();

        // Then
        as(team).get("/api/v1/studies")
                .then()
                .statusCode(200)
                .body("id", equalTo(List.of(newer.toString(), older.toString())));
        as(team).get("/api/v1/studies/" + foreign).then().statusCode(404);
        as(team).delete("/api/v1/studies/" + foreign).then().statusCode(404);
    }

    @Test
    void shouldCancelOnceAndTellTheServices() {
        // Given
        String team = Conversation.newTeam();
        UUID id = conversation.create(team).id();

        // When
        as(team).delete("/api/v1/studies/" + id).then().statusCode(202).body("state", equalTo("cancelled"));

        // Then
        Awaitility.await()
                .untilAsserted(() -> assertThat(conversation.said(Topics.CANCELLATIONS, StudyCancelled.class))
                        .filteredOn(event -> event.studyId().equals(id))
                        .hasSize(1));
        problem(as(team).delete("/api/v1/studies/" + id).then(), 409)
                .body("detail", equalTo("study " + id + " is cancelled and can no longer be cancelled"));
        assertThat(conversation.get(team, id).finishedAt()).isNotNull();
    }

    @Test
    void shouldAnswer404ForAnUnknownStudy() {
        // Given
        String path = "/api/v1/studies/00000000-0000-0000-0000-000000000000";

        // Then
        problem(given().get(path).then(), 404)
                .body("title", equalTo("Not Found"))
                .body("detail", equalTo("there is no study 00000000-0000-0000-0000-000000000000"))
                .body("instance", equalTo(path));
        problem(given().get(path + "/report").then(), 404);
        problem(given().get(path + "/samples").then(), 404);
        problem(given().get(path + "/events").then(), 404);
        problem(given().delete(path).then(), 404);
        problem(given().get("/api/v1/studies/not-an-id").then(), 404);
        problem(given().get("/api/v1/nowhere").then(), 404);
    }

    @Test
    void shouldNamePlaceAndNearestKeyOfATypo() {
        problem(refuse(STUDY.replace("models:", "modles:")), 400)
                .body("detail", equalTo("study:2:1: unknown key 'modles'; did you mean 'models'?"));
    }

    @Test
    void shouldRefuseNegativeSamples() {
        problem(refuse(STUDY.replace("samples: 2", "samples: -2")), 400)
                .body("detail", equalTo("study:10:10: samples is -2; allowed: 1 to 1000"));
    }

    @Test
    void shouldRefuseAnEmptyGrid() {
        problem(refuse(STUDY.replaceAll("(?s)recipes:.*benchmarks:", "recipes: []\nbenchmarks:")), 400)
                .body("detail", equalTo("study:4:10: recipes is empty; allowed: at least one entry"));
    }

    @Test
    void shouldRefuseTwoModelsOfOneName() {
        problem(refuse(STUDY.replace("models:\n", "models:\n  - {name: tiny, checkpoint: another}\n")), 400)
                .body(
                        "detail",
                        equalTo("study:3:3: models is a list with two entries 'tiny'; "
                                + "allowed: entries that a report can tell apart"));
    }

    @Test
    void shouldRefuseWhatIsTooLarge() {
        problem(refuse(STUDY + "#".repeat(1 << 20)), 413)
                .body("detail", equalTo("a study file has at most 1048576 bytes"));
    }

    @Test
    void shouldRefuseAnotherContentTypeAndABadTeam() {
        problem(
                        given().contentType("text/csv")
                                .body("a,b")
                                .post("/api/v1/studies")
                                .then(),
                        415)
                .body("detail", equalTo("a study is sent as application/yaml or application/json"));
        problem(as("../other").get("/api/v1/studies").then(), 400)
                .body("detail", containsString("Fewbit-Team is not a team's name"));
        problem(given().put("/api/v1/studies").then(), 405);
    }

    @Test
    void shouldDescribeItselfAndBeReady() {
        given().queryParam("format", "json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .body("paths.'/api/v1/studies'.post.summary", containsString("Start a study"))
                .body("paths.'/api/v1/studies/{id}/samples'.get.summary", containsString("Every sample"));
        given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    private static ValidatableResponse refuse(String body) {
        return given().contentType("application/yaml")
                .body(bytes(body))
                .post("/api/v1/studies")
                .then();
    }

    /** REST Assured encodes text of the content types it knows only. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status) {
        return response.statusCode(status)
                .contentType(equalTo("application/problem+json"))
                .body("type", equalTo("about:blank"))
                .body("status", equalTo(status))
                .body(not(containsString("\tat ")));
    }
}
