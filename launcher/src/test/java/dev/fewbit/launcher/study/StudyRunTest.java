package dev.fewbit.launcher.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.launcher.LauncherException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StudyRunTest {
    private static final UUID ID = UUID.fromString("0197a1c2-0000-7000-8000-000000000001");
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final StudyFile STUDY = new StudyFile(new StudySpec(
            "A study",
            List.of(new ModelSpec("m", "models/m")),
            List.of(Recipe.baseline()),
            List.of(new BenchmarkSpec("b", ProgramLanguage.PYTHON, "b.jsonl", null)),
            1,
            null));

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGUN);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private GatewayClient gateway;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getRequestBody().readAllBytes();
            try (exchange) {
                answers.removeFirst().to(exchange);
            }
        });
        server.start();
        gateway = new GatewayClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.stop(0);
    }

    @Test
    void shouldConnectAgainWhenGatewayDiesLongAfterItLastBegan() throws InterruptedException {
        // Given
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            write(exchange, event("running"));
            // Longer than anybody waits for a gateway that is away; the stream was up all the time.
            now.set(BEGUN.plus(Duration.ofHours(1)));
            write(exchange, ": still here\n\n");
            // Closing without the last chunk is what a killed process leaves.
            throw new IOException("killed");
        });
        answers.add(body(200, event("completed")));

        // When
        StudyView last = run(Optional.empty()).follow(view(StudyState.RUNNING), view -> {});

        // Then
        assertThat(last.state()).isEqualTo(StudyState.COMPLETED);
        assertThat(requests).hasSize(2);
    }

    @Test
    void shouldGiveUpWhenGatewayStaysAway() {
        // Given
        answers.add(exchange -> {
            now.set(BEGUN.plus(Duration.ofMinutes(4)));
            exchange.sendResponseHeaders(503, -1);
        });

        // When, Then
        assertThatThrownBy(() -> run(Optional.empty()).follow(view(StudyState.RUNNING), view -> {}))
                .isInstanceOf(LauncherException.class)
                .hasMessage("cannot follow the study: the gateway has not answered for 3 min");
    }

    @Test
    void shouldEndWhenServiceIsGivenUpAndOnlyHeartbeatsCome() {
        // Given
        answers.add(body(200, ": still here\n\n: still here\n\n"));

        // When, Then
        assertThatThrownBy(() -> run(Optional.of("evaluator-service ended with status 1"))
                        .follow(view(StudyState.RUNNING), view -> {}))
                .isInstanceOf(LauncherException.class)
                .hasMessage("evaluator-service ended with status 1");
        assertThat(requests).hasSize(1);
    }

    @Test
    void shouldNotSubmitTwiceWhenAnswerOfFirstTryWasLost() throws InterruptedException {
        // Given
        answers.add(body(200, "[]"));
        answers.add(exchange -> {
            throw new IOException("killed after the study was written");
        });
        answers.add(body(200, "[" + json("running") + "]"));

        // When
        StudyRun.Submission submission = run(Optional.empty()).submit(STUDY);

        // Then
        assertThat(submission.view().id()).isEqualTo(ID);
        assertThat(requests).containsExactly("GET /api/v1/studies", "POST /api/v1/studies", "GET /api/v1/studies");
    }

    @Test
    void shouldNameFileWhenSamplesCannotBeWritten() throws IOException {
        // Given
        Path notThere = directory.resolve("removed");
        InputStream lines = new ByteArrayInputStream("{}\n".getBytes(StandardCharsets.UTF_8));

        // When, Then
        assertThatThrownBy(() -> new ResultFiles(notThere).samples(lines))
                .isInstanceOf(LauncherException.class)
                .hasMessageStartingWith(notThere.resolve("samples.jsonl") + " cannot be written: ");
    }

    @Test
    void shouldLeaveNothingWhenStreamOfSamplesBreaks() throws IOException {
        // Given
        InputStream broken = new SequenceInputStream(
                new ByteArrayInputStream("{}\n".getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the gateway was killed");
                    }
                });

        // When, Then
        assertThatThrownBy(() -> new ResultFiles(directory).samples(broken))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("the gateway was killed");
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    private StudyRun run(Optional<String> failure) {
        return new StudyRun(gateway, () -> failure, clock);
    }

    private static StudyView view(StudyState state) {
        return new StudyView(ID, "default", "A study", STUDY.digest(), state, BEGUN, null, 1, 0, List.of(), null);
    }

    private static String json(String state) {
        return """
                {"id":"%s","team":"default","name":"A study","digest":"%s","state":"%s","createdAt":"2026-01-01T00:00:00Z",\
                "cells":1,"cellsDone":0,"progress":[]}""".formatted(ID, STUDY.digest(), state);
    }

    private static String event(String state) {
        return "data:" + json(state) + "\n\n";
    }

    private static Answer body(int status, String text) {
        return exchange -> {
            exchange.sendResponseHeaders(status, 0);
            write(exchange, text);
        };
    }

    private static void write(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }
}
