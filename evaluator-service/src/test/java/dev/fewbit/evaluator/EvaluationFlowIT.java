package dev.fewbit.evaluator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.testing.AnsweringSandbox;
import dev.fewbit.evaluator.testing.Busy;
import dev.fewbit.evaluator.testing.CompletionsDouble;
import dev.fewbit.evaluator.testing.CompletionsDouble.Answer;
import dev.fewbit.evaluator.testing.Fixture;
import dev.fewbit.evaluator.testing.KnownCompletions;
import dev.fewbit.evaluator.testing.Surroundings;
import dev.fewbit.generation.UnusableModelException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in, results out, with the real loops and database; broker and engine are stood in for. */
@QuarkusTest
@TestProfile(Busy.class)
@WithTestResource(Surroundings.class)
class EvaluationFlowIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PROBLEMS = 10;
    private static final int SAMPLES = 3;
    private static final int TOTAL = PROBLEMS * SAMPLES;
    /** Samples 0 and 1 of a problem are the same program. */
    private static final int PROGRAMS = PROBLEMS * 2;

    @Inject
    Fixture fixture;

    @Inject
    EventCodec codec;

    @Inject
    KnownCompletions engine;

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    private AnsweringSandbox sandbox;
    private final JsonMapper json = new JsonMapper();
    private final String salt = UUID.randomUUID().toString();

    @BeforeEach
    void clear() {
        broker.sink("evaluation-results").clear();
        broker.sink("progress").clear();
    }

    @AfterEach
    void closeSandbox() {
        if (sandbox != null) {
            sandbox.close();
        }
        engine.forgetFailures();
    }

    @Test
    void shouldReportPassAt1OverProblemsWhenEverySampleIsJudged() throws Exception {
        // Given
        EvaluationRequest request = request(fixture.artifact(salt));
        int before = engine.generated();

        // When
        sandbox = new AnsweringSandbox(broker, codec, salt, EvaluationFlowIT::judge);
        send(request);
        send(request);
        JsonNode summary = result(request).path("summary");

        // Then samples 0 and 1 of even problems pass: 2/3 of half of the problems
        assertThat(summary.path("problems").asInt()).isEqualTo(PROBLEMS);
        assertThat(summary.path("samplesPerProblem").asInt()).isEqualTo(SAMPLES);
        assertThat(summary.path("passAt1").asDouble()).isEqualTo(1.0 / 3, within(1e-12));
        assertThat(summary.path("passAt1Low").asDouble()).isBetween(0.0, 1.0 / 3);
        assertThat(summary.path("passAt1High").asDouble()).isBetween(1.0 / 3, 1.0);
        assertThat(summary.path("verdicts").toString())
                .isEqualTo("{\"passed\":10,\"assertion-failed\":10,\"raised\":10}");
        assertThat(summary.path("tokens").asLong()).isEqualTo((long) TOTAL * KnownCompletions.TOKENS);
        assertThat(summary.path("executions").asLong()).isEqualTo(PROGRAMS);
        assertThat(summary.path("reused").asBoolean()).isFalse();
        // 20 executions of 0.25 s and 0.5 s to compile, and generation
        assertThat(summary.path("evaluateSeconds").asDouble())
                .isGreaterThan(15.0)
                .isLessThan(30.0);
        assertThat(sandbox.timesAsked()).hasSize(PROGRAMS).containsOnly(1);
        assertThat(engine.generated() - before).isEqualTo(TOTAL);
        assertProvenance(summary.path("provenance"), request);
        JsonNode cost = summary.path("cost");
        // A JVM with Quarkus in it takes some tens of megabytes at least; joules are there exactly where a counter is.
        assertThat(cost.path("peakHostBytes").asLong()).isGreaterThan(50_000_000);
        assertThat(cost.path("cpuJoules").isNull())
                .isEqualTo(cost.path("measuredBy").asText().contains("processors: not measured"));
        assertThat(cost.path("gpuJoules").isNull())
                .isEqualTo(cost.path("measuredBy").asText().contains("GPU: not measured"));
        assertSamples(request);
        assertProgress(request);
    }

    @Test
    void shouldReuseSamplesAndVerdictsWhenASecondStudyAsksForTheSame() throws Exception {
        // Given
        String artifact = fixture.artifact(salt);
        EvaluationRequest first = request(artifact);
        sandbox = new AnsweringSandbox(broker, codec, salt, EvaluationFlowIT::judge);
        send(first);
        result(first);
        int generated = engine.generated();

        // When nobody answers any more
        EvaluationRequest second = request(artifact);
        send(second);
        JsonNode summary = result(second).path("summary");

        // Then
        assertThat(summary.path("reused").asBoolean()).isTrue();
        assertThat(engine.generated()).isEqualTo(generated);
        assertThat(summary.path("passAt1").asDouble())
                .isEqualTo(result(first).path("summary").path("passAt1").asDouble());
        assertThat(summary.path("evaluateSeconds").asDouble())
                .isEqualTo(result(first).path("summary").path("evaluateSeconds").asDouble());
    }

    @Test
    void shouldLoseNothingWhenAnswersAreLostFaultyOrTheEngineFails() throws Exception {
        // Given an engine that fails twice, a sandbox that loses the first request of each program of sample 2
        // and fails with the first of the others
        EvaluationRequest request = request(fixture.artifact(salt));
        engine.failWith(new IllegalStateException("first"), new IllegalStateException("second"));

        // When
        sandbox = new AnsweringSandbox(broker, codec, salt, (execution, times) -> {
            boolean third = execution.path("program").path("inline").asText().contains("\0");
            if (times == 1) {
                return third ? null : Verdict.INFRASTRUCTURE_FAULT;
            }
            return judge(execution, times);
        });
        send(request);
        JsonNode summary = result(request).path("summary");

        // Then
        assertThat(summary.path("verdicts").toString())
                .isEqualTo("{\"passed\":10,\"assertion-failed\":10,\"raised\":10}");
        assertThat(summary.path("passAt1").asDouble()).isEqualTo(1.0 / 3, within(1e-12));
        assertThat(sandbox.timesAsked()).hasSize(PROGRAMS).containsOnly(2);
        assertSamples(request);
    }

    @Test
    void shouldJudgeAServedModelThoughItsServerIsAwayAtTimes() throws Exception {
        try (CompletionsDouble server = new CompletionsDouble();
                CompletionsDouble elsewhere = new CompletionsDouble()) {
            // Given a server that is away while the first unit's first sample is asked for, twice
            GeneratorSpec model = new GeneratorSpec(server.spec(), 4, 1234L, "GGUF Q4_0");
            server.answer(new Answer(503, "loading"), new Answer(503, "loading"));
            EvaluationRequest request = fixture.request(model, fixture.benchmarkFile(salt, PROBLEMS, "py"), SAMPLES);

            // When
            sandbox = new AnsweringSandbox(broker, codec, salt, EvaluationFlowIT::judge);
            send(request);
            JsonNode summary = result(request).path("summary");

            // Then every sample is there, once, and half of the problems are solved
            assertThat(summary.path("verdicts").toString()).isEqualTo("{\"passed\":15,\"assertion-failed\":15}");
            assertThat(server.requests()).hasSize(TOTAL + 2);
            assertThat(summary.path("tokens").asLong()).isEqualTo(TOTAL * 5L);
            JsonNode provenance = summary.path("provenance");
            assertThat(provenance.path("artifact").asText()).isEqualTo("openai: m-q4, 4 bits, 1234 bytes, GGUF Q4_0");
            assertThat(provenance.path("engine").asText()).endsWith("the server reports {\"id\":\"m-q4\"}");
            assertThat(provenance.path("engine.max_length").asText()).isEqualTo("the server's");
            assertThat(provenance.path("prompt.bos").asText()).isEqualTo("left to the server's tokenizer");
            assertThat(provenance.has("engine.slots")).isFalse();
            assertThat(summary.path("cost").path("measuredBy").asText())
                    .isEqualTo("GPU: not measured: a server generated; processors: not measured: a server generated");
            assertThat(summary.path("cost").path("peakHostBytes").isNumber()).isFalse();

            // When another server has the same model
            EvaluationRequest moved = fixture.request(
                    new GeneratorSpec(elsewhere.spec(), 4, 1234L, "GGUF Q4_0"),
                    fixture.benchmarkFile(salt, PROBLEMS, "py"),
                    SAMPLES);
            send(moved);

            // Then its samples are those that are there
            assertThat(result(moved).path("summary").path("reused").asBoolean()).isTrue();
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void shouldFailTheEvaluationAndNoSampleWhenAServerRefusesOrStaysAway() throws Exception {
        try (CompletionsDouble server = new CompletionsDouble()) {
            // Given
            GeneratorSpec unlisted = new GeneratorSpec(new OpenAiSpec(server.url(), "m-q8"), 8, 1234L, null);
            GeneratorSpec model = new GeneratorSpec(server.spec(), 4, 4321L, null);
            EvaluationRequest unknown = fixture.request(unlisted, fixture.benchmarkFile(salt, 1, "py"), 1);
            EvaluationRequest away = fixture.request(model, fixture.benchmarkFile(salt, 1, "py"), 1);

            // When
            send(unknown);
            // Then
            assertThat(failure(unknown))
                    .isEqualTo("model is 'm-q8', which " + server.url() + " does not list; allowed: 'm-q4'");

            // When it fails with two attempts in each of three tries of the unit
            for (int i = 0; i < 6; i++) {
                server.answer(new Answer(500, "out of memory"));
            }
            send(away);
            // Then
            assertThat(failure(away))
                    .isEqualTo("the server of work unit 0 was not there 3 times; the last time: " + server.url()
                            + " answered 500: out of memory (2 attempts)");
            assertThat(fixture.value("SELECT count(*) FROM judgement WHERE evaluation_id = ?1", away.evaluationId()))
                    .isEqualTo("0");
        }
    }

    @Test
    void shouldFailWithOneLineWhenNoAttemptWillHelp() throws Exception {
        // Given
        String artifact = fixture.artifact(salt);
        EvaluationRequest noArtifact = request("ab".repeat(32));
        EvaluationRequest noFile = fixture.request(UUID.randomUUID(), artifact, ProgramLanguage.PYTHON, "no.jsonl", 1);
        EvaluationRequest noJava =
                fixture.request(UUID.randomUUID(), artifact, ProgramLanguage.JAVA, javaBenchmark(), 1);

        // When
        send(noArtifact);
        send(noFile);
        send(noJava);

        // Then
        assertThat(failure(noArtifact)).startsWith("artifact abab").contains("is not in the object store");
        assertThat(failure(noFile)).endsWith("no.jsonl: there is no such benchmark file");
        assertThat(failure(noJava))
                .isEqualTo("the sandbox has no toolchain for java; install it and restart the sandbox");
        engine.failWith(new UnusableModelException("weights.bin: too short"));
        EvaluationRequest broken = request(artifact);
        send(broken);
        assertThat(failure(broken)).isEqualTo("weights.bin: too short");
    }

    @Test
    void shouldFailWithTheLastReasonWhenAUnitFailsEveryTime() throws Exception {
        // Given
        EvaluationRequest request = request(fixture.artifact(salt));
        engine.failWith(new IllegalStateException("a"), new IllegalStateException("b"), new IllegalStateException("c"));
        engine.failWith(new IllegalStateException("a"), new IllegalStateException("b"), new IllegalStateException("c"));
        engine.failWith(new IllegalStateException("c"), new IllegalStateException("c"), new IllegalStateException("c"));

        // When
        send(request);

        // Then three units, three failures each: whichever is first to have three
        assertThat(failure(request))
                .matches("work unit \\d failed 3 times; the last time: IllegalStateException: [abc]");
    }

    @Test
    void shouldNotBeginWhenTheCancellationOvertookTheRequest() throws Exception {
        // Given
        EvaluationRequest request = request(fixture.artifact(salt));
        broker.<String>source("study-cancellations")
                .send(codec.write(new StudyCancelled(
                        Event.SCHEMA_VERSION, UUID.randomUUID(), request.team(), request.studyId())));
        await().atMost(PATIENCE)
                .until(() -> fixture.value(
                                "SELECT count(*) FROM cancelled_study WHERE study_id = ?1", request.studyId())
                        .equals("1"));

        // When
        send(request);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().header("Fewbit-Team", Fixture.TEAM)
                        .get("/api/v1/evaluations/" + request.evaluationId())
                        .then()
                        .statusCode(200)
                        .body("state", equalTo("cancelled")));
    }

    @Test
    void shouldAnswerWithAProblemDocumentWhenTheTeamIsMissingOrAnother() {
        // Given
        EvaluationRequest request = fixture.running(fixture.artifact(salt), 1, 1);
        String path = "/api/v1/evaluations/" + request.evaluationId();

        // When, Then
        given().get(path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", equalTo("header Fewbit-Team is missing; it names the caller's team"));
        for (String hidden : List.of(path, path + "/samples", "/api/v1/evaluations/none")) {
            given().header("Fewbit-Team", "red")
                    .get(hidden)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("status", equalTo(404));
        }
    }

    @Test
    void shouldJudgeAKnownBenchmarkWhenItsFileIsInTheFolder() throws Exception {
        // Given
        fixture.benchmark("multipl-e/prompts/mbpp-py-reworded.jsonl", """
                {"name":"p00","language":"py","prompt":"def f00():\\n","tests":"assert f00() == 0 # %s\\n","stop_tokens":["\\ndef"]}
                """.formatted(salt));
        EvaluationRequest request = fixture.request(fixture.artifact(salt), "multipl-e-mbpp-python", SAMPLES);

        // When
        sandbox = new AnsweringSandbox(broker, codec, salt, EvaluationFlowIT::judge);
        send(request);

        // Then
        assertThat(result(request).path("summary").path("problems").asInt()).isEqualTo(1);
        given().get("/api/v1/benchmarks/multipl-e-mbpp-python")
                .then()
                .statusCode(200)
                .body("available", equalTo(true))
                .body("problems", equalTo(1));
    }

    @Test
    void shouldJudgeByTheBenchmarksOwnHarnessWhenItIsMbpp() throws Exception {
        // Given
        fixture.benchmark("mbpp/mbpp.jsonl", """
                {"text":"Write f.","code":"","task_id":7,"test_setup_code":"x = 1","test_list":["assert f() # %s"],\
                "challenge_test_list":["assert False"]}
                """.formatted(salt));
        EvaluationRequest request = fixture.request(fixture.artifact(salt), "mbpp", 1);
        Queue<JsonNode> executions = new ConcurrentLinkedQueue<>();

        // When
        sandbox = new AnsweringSandbox(broker, codec, salt, (execution, times) -> {
            executions.add(execution);
            return Verdict.PASSED;
        });
        send(request);
        result(request);

        // Then the prompt is no part of the program, and 3 s are MBPP's limit
        JsonNode execution = executions.remove();
        assertThat(execution.path("program").path("inline").asText())
                .isEqualTo(KnownCompletions.body(0) + "\ndef next():");
        assertThat(execution.path("tests").path("inline").asText())
                .isEqualTo("# fewbit-judge: imported\nx = 1\nassert f() # " + salt);
        assertThat(codec.read(execution.path("limits").toString(), ExecutionLimits.class)
                        .cpuTime())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void shouldSayWhereToPutTheFileWhenAKnownBenchmarkIsMissing() throws Exception {
        // Given
        EvaluationRequest request = fixture.request(fixture.artifact(salt), "mceval-python", SAMPLES);

        // When
        send(request);

        // Then
        String failure = failure(request);
        assertThat(failure)
                .startsWith("benchmark mceval-python needs the file ")
                .contains("benchmarks/mceval/mceval_py.jsonl, which is not there; get it from https://");
        given().get("/api/v1/benchmarks/mceval-python")
                .then()
                .statusCode(200)
                .body("available", equalTo(false))
                .body("reason", equalTo(failure));
        given().get("/api/v1/benchmarks/none").then().statusCode(404).body("status", equalTo(404));
    }

    @Test
    void shouldBeReadyWhenItsLoopsRun() {
        // When, Then
        given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    /** Sample 2 raises; the others pass for problems with an even number. */
    private static Verdict judge(JsonNode execution, int times) {
        String program = execution.path("program").path("inline").asText();
        if (program.contains("\0")) {
            return Verdict.RAISED;
        }
        return (program.charAt("def f0".length()) - '0') % 2 == 0 ? Verdict.PASSED : Verdict.ASSERTION_FAILED;
    }

    private void assertProvenance(JsonNode provenance, EvaluationRequest request) {
        assertThat(provenance.path("artifact").asText()).isEqualTo(request.artifactId());
        assertThat(provenance.path("decoding.temperature").asText()).isEqualTo("0.2");
        assertThat(provenance.path("decoding.mode").asText()).isEqualTo("exact");
        assertThat(provenance.path("prompt.bos").asText()).isEqualTo("added by the tokenizer");
        assertThat(provenance.path("engine").asText()).isEqualTo("known 1");
        assertThat(provenance.path("engine.slots").asText()).isEqualTo("16");
        assertThat(provenance.path("sandbox.toolchain").asText()).isEqualTo(Surroundings.TOOLCHAIN);
        assertThat(provenance.path("sandbox.judge_version").asText()).isEqualTo("4");
        assertThat(provenance.path("sandbox.isolation").asText()).isEqualTo("bubblewrap");
        assertThat(provenance.path("benchmark.digest").asText()).hasSize(64);
    }

    private void assertSamples(EvaluationRequest request) throws JsonProcessingException {
        String lines = given().header("Fewbit-Team", Fixture.TEAM)
                .get("/api/v1/evaluations/" + request.evaluationId() + "/samples")
                .then()
                .statusCode(200)
                .contentType("application/jsonl")
                .extract()
                .asString();
        List<String> all = lines.lines().toList();
        assertThat(all).hasSize(TOTAL);
        for (int i = 0; i < TOTAL; i++) {
            JsonNode sample = json.readTree(all.get(i));
            String problem = "p%02d".formatted(i / SAMPLES);
            assertThat(sample.path("problem").asText()).isEqualTo(problem);
            assertThat(sample.path("index").asInt()).isEqualTo(i % SAMPLES);
            assertThat(sample.path("program").asText())
                    .isEqualTo("def f" + problem.substring(1) + "():\n" + KnownCompletions.body(i % SAMPLES));
            String expected = i % SAMPLES == 2 ? "raised" : i / SAMPLES % 2 == 0 ? "passed" : "assertion-failed";
            assertThat(sample.path("verdict").asText()).isEqualTo(expected);
        }
    }

    private void assertProgress(EvaluationRequest request) throws JsonProcessingException {
        JsonNode generate = null;
        JsonNode execute = null;
        for (Message<String> message : broker.<String>sink("progress").received()) {
            JsonNode report = json.readTree(message.getPayload());
            if (report.path("subjectId").asText().equals(request.evaluationId().toString())) {
                if (report.path("stage").asText().equals("generate")) {
                    generate = report;
                } else {
                    execute = report;
                }
            }
        }
        assertThat(generate.path("done").asInt()).isEqualTo(TOTAL);
        assertThat(generate.path("total").asInt()).isEqualTo(TOTAL);
        assertThat(generate.path("amount").asInt()).isEqualTo(TOTAL * KnownCompletions.TOKENS);
        assertThat(execute.path("done").asInt()).isEqualTo(TOTAL);
        assertThat(execute.path("amount").asInt()).isEqualTo(PROGRAMS);
    }

    private EvaluationRequest request(String artifact) {
        return fixture.request(
                UUID.randomUUID(),
                artifact,
                ProgramLanguage.PYTHON,
                fixture.benchmarkFile(salt, PROBLEMS, "py"),
                SAMPLES);
    }

    private String javaBenchmark() {
        return fixture.benchmarkFile(salt, 1, "java");
    }

    private void send(EvaluationRequest request) {
        broker.<String>source("evaluation-requests").send(codec.write(request));
    }

    private String failure(EvaluationRequest request) throws JsonProcessingException {
        JsonNode result = result(request);
        assertThat(result.has("summary")).isFalse();
        return result.path("failure").asText();
    }

    private JsonNode result(EvaluationRequest request) throws JsonProcessingException {
        String id = request.evaluationId().toString();
        await().atMost(PATIENCE)
                .until(() -> broker.<String>sink("evaluation-results").received().stream()
                        .anyMatch(message -> message.getPayload().contains(id)));
        String payload = broker.<String>sink("evaluation-results").received().stream()
                .map(Message::getPayload)
                .filter(text -> text.contains(id))
                .findFirst()
                .orElseThrow();
        return json.readTree(payload);
    }
}
