package dev.fewbit.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.orchestration.Orchestrator;
import dev.fewbit.gateway.testing.Answers;
import dev.fewbit.gateway.testing.Conversation;
import dev.fewbit.gateway.testing.EvaluatorStub;
import dev.fewbit.gateway.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(EvaluatorStub.class)
class EventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    Conversation conversation;

    @Inject
    Orchestrator orchestrator;

    @Inject
    ObjectMapper mapper;

    @TestHTTPResource
    URI gateway;

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.shutdownNow();
    }

    @Test
    void shouldSendTheStudyNowAfterEachChangeAndEndWithIt() {
        // Given
        String team = Conversation.newTeam();
        UUID study = conversation.create(team).id();
        Watched first = watch(team, study, null);
        Watched second = watch(team, study, null);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !first.views().isEmpty() && !second.views().isEmpty());
        assertThat(first.views().getFirst().state()).isEqualTo(StudyState.RUNNING);

        // When
        UUID job = conversation.quantizationRequests(study, 2).getFirst().jobId();
        conversation.say(
                "progress",
                Answers.progress(team, study, job, Stage.QUANTIZE, 5, 30, Instant.parse("2026-11-25T10:00:00Z")));

        // Then
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> first.last().progress().getFirst().done() == 5
                        && second.last().progress().getFirst().done() == 5);

        // When
        orchestrator.cancel(team, study);

        // Then
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> first.ended().isDone() && second.ended().isDone());
        assertThat(first.last().state()).isEqualTo(StudyState.CANCELLED);
        assertThat(second.last().state()).isEqualTo(StudyState.CANCELLED);
        assertThat(first.ids()).doesNotHaveDuplicates().hasSameSizeAs(first.views());
    }

    @Test
    void shouldNotRepeatWhatAClientThatComesBackHasSeen() {
        // Given
        String team = Conversation.newTeam();
        UUID study = conversation.create(team).id();
        Watched before = watch(team, study, null);
        Awaitility.await().atMost(PATIENCE).until(() -> !before.ids().isEmpty());

        // When
        Watched after = watch(team, study, before.ids().getFirst());
        orchestrator.cancel(team, study);

        // Then
        Awaitility.await().atMost(PATIENCE).until(() -> after.ended().isDone());
        assertThat(after.views()).extracting(StudyView::state).containsExactly(StudyState.CANCELLED);
    }

    @Test
    void shouldSendTheEndAtOnceWhenTheStudyHasEnded() {
        // Given
        String team = Conversation.newTeam();
        UUID study = conversation.create(team).id();
        orchestrator.cancel(team, study);

        // When
        Watched stream = watch(team, study, null);

        // Then
        Awaitility.await().atMost(PATIENCE).until(() -> stream.ended().isDone());
        assertThat(stream.views()).extracting(StudyView::state).containsExactly(StudyState.CANCELLED);
    }

    private Watched watch(String team, UUID study, String lastId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("/api/v1/studies/" + study + "/events"))
                .header("Fewbit-Team", team)
                .header("Accept", "text/event-stream");
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ended = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofLines())
                .thenApply(HttpResponse::body)
                .thenAcceptAsync((Stream<String> body) -> body.forEach(lines::add));
        return new Watched(lines, ended, mapper);
    }

    /** What a client has received. */
    private record Watched(List<String> lines, CompletableFuture<Void> ended, ObjectMapper mapper) {
        List<StudyView> views() {
            return lines.stream()
                    .filter(line -> line.startsWith("data:"))
                    .map(line -> read(line.substring("data:".length())))
                    .toList();
        }

        StudyView last() {
            return views().getLast();
        }

        List<String> ids() {
            return lines.stream()
                    .filter(line -> line.startsWith("id:"))
                    .map(line -> line.substring("id:".length()).strip())
                    .toList();
        }

        private StudyView read(String json) {
            try {
                return mapper.readValue(json, StudyView.class);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
