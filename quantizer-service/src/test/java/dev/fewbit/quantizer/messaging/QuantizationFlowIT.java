package dev.fewbit.quantizer.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.quantizer.DatabaseAndChannels;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.artifact.ArtifactInspector;
import dev.fewbit.quantizer.job.JobWorkers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a request to a result, with the real database, the real arithmetic and channels in memory. */
@QuarkusTest
@QuarkusTestResource(DatabaseAndChannels.class)
class QuantizationFlowIT {
    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector channels;

    @Inject
    JobWorkers workers;

    @Inject
    ObjectMapper mapper;

    @Inject
    ArtifactStore store;

    @TempDir
    Path directory;

    @BeforeEach
    void workOffAndForget() {
        while (workers.runOne()) {
            // Jobs that other tests left.
        }
        channels.sink("quantization-results").clear();
        channels.sink("last-progress").clear();
    }

    @Test
    void shouldMakeAnArtifactOnceAndReuseItWhenAskedAgain() throws IOException {
        // Given
        String checkpoint = new TinyCheckpoint("BF16").write(directory).toString();
        QuantizationRequest first = request(checkpoint);
        QuantizationRequest second = request(checkpoint);

        // When
        assertThat(send("quantization-requests", json(first))).isEqualTo("acknowledged");
        workers.runOne();
        QuantizationResult made = result(first.jobId());
        assertThat(send("quantization-requests", json(second))).isEqualTo("acknowledged");
        workers.runOne();
        QuantizationResult reused = result(second.jobId());

        // Then
        assertThat(made.failure()).isNull();
        assertThat(made.reused()).isFalse();
        assertThat(made.attempt()).isEqualTo(1);
        assertThat(made.studyId()).isEqualTo(first.studyId());
        Path artifact = store.find(made.artifactId()).orElseThrow();
        assertThat(new ArtifactInspector().read(artifact).sizes()).isEqualTo(made.sizes());
        assertThat(reused.reused()).isTrue();
        assertThat(reused.artifactId()).isEqualTo(made.artifactId());
        assertThat(reused.seconds()).isEqualTo(made.seconds());
        assertThat(lastReport(first.jobId()))
                .extracting(ProgressReport::done, ProgressReport::total, ProgressReport::amount)
                .containsExactly(14L, 14L, 576L * 48 + 96 * 80);
    }

    @Test
    void shouldSayWhyWhenTheCheckpointIsInvalid() {
        QuantizationRequest request = request(directory.resolve("missing").toString());
        send("quantization-requests", json(request));

        workers.runOne();

        assertThat(result(request.jobId()).failure())
                .isEqualTo(directory.resolve("missing")
                        + ": no such directory; a checkpoint is a directory with config.json, tokenizer.json and"
                        + " model.safetensors");
    }

    @Test
    void shouldAnswerOnceWhenARequestIsDeliveredTwice() {
        QuantizationRequest request = request(directory.resolve("missing").toString());
        send("quantization-requests", json(request));
        send("quantization-requests", json(request));

        assertThat(workers.runOne()).isTrue();

        assertThat(workers.runOne()).isFalse();
    }

    @Test
    void shouldRefuseARecordWhenItCannotBeParsed() {
        String valid = json(request("x"));

        assertThat(send("quantization-requests", "{")).startsWith("refused: not a QuantizationRequest: ");
        assertThat(send("quantization-requests", valid.replace("\"bits\":3", "\"bits\":5")))
                .startsWith("refused: not a QuantizationRequest: ")
                .contains("bits is 5; allowed: 8, 4, 3 or 2 with method rtn");
        assertThat(send("quantization-requests", valid.replace("\"schemaVersion\":1", "\"schemaVersion\":2")))
                .isEqualTo("refused: schemaVersion is 2; allowed: 1");
        assertThat(send("study-cancellations", "[]")).startsWith("refused: not a StudyCancelled: ");
        assertThat(workers.runOne()).isFalse();
    }

    @Test
    void shouldDropTheJobWhenItsStudyIsCancelled() {
        QuantizationRequest request = request(directory.resolve("missing").toString());
        send("quantization-requests", json(request));

        send("study-cancellations", json(new StudyCancelled(1, UUID.randomUUID(), "team", request.studyId())));

        assertThat(workers.runOne()).isFalse();
    }

    @Test
    void shouldBeReadyWhenDatabaseAndStoreAre() {
        RestAssured.get("/q/health/ready").then().statusCode(200);
    }

    /** Sends and waits for what the consumer decides. */
    private String send(String channel, String payload) {
        CompletableFuture<String> decision = new CompletableFuture<>();
        channels.<Message<String>>source(channel)
                .send(Message.of(
                        payload,
                        () -> {
                            decision.complete("acknowledged");
                            return CompletableFuture.completedFuture(null);
                        },
                        failure -> {
                            decision.complete("refused: " + failure.getMessage());
                            return CompletableFuture.completedFuture(null);
                        }));
        return decision.join();
    }

    private QuantizationResult result(UUID job) {
        return await().until(
                        () -> received("quantization-results", QuantizationResult.class).stream()
                                .filter(result -> result.jobId().equals(job))
                                .toList(),
                        results -> results.size() == 1)
                .getFirst();
    }

    private ProgressReport lastReport(UUID job) {
        return received("last-progress", ProgressReport.class).stream()
                .filter(report -> report.subjectId().equals(job))
                .toList()
                .getLast();
    }

    private <T> List<T> received(String channel, Class<T> type) {
        return channels.<Record<String, String>>sink(channel).received().stream()
                .map(message -> parse(message.getPayload().value(), type))
                .toList();
    }

    private QuantizationRequest request(String checkpoint) {
        return new QuantizationRequest(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                "team",
                UUID.randomUUID(),
                UUID.randomUUID(),
                checkpoint,
                Recipe.roundToNearest(3));
    }

    private String json(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private <T> T parse(String json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
