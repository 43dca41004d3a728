package dev.fewbit.launcher.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The gateway's HTTP API, as far as the command line needs it. {@link IOException} means that the gateway could not be reached or
 * answered that it cannot serve now, and that asking again may help.
 */
public final class GatewayClient implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final String EVENT_DATA = "data:";
    private static final int FIRST_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final JsonMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final URI studies;

    public GatewayClient(URI gateway) {
        this.studies = gateway.resolve("/api/v1/studies");
    }

    /** The newest study with this digest that has not ended. */
    public Optional<StudyView> running(String digest) throws IOException, InterruptedException {
        HttpRequest request = get(studies, "application/json").build();
        List<StudyView> all = json.readValue(text(request), new TypeReference<List<StudyView>>() {});
        return all.stream()
                .filter(view -> view.digest().equals(digest) && !view.state().isFinal())
                .findFirst();
    }

    /** Submits a study; a specification that the gateway refuses is a usage error. */
    public StudyView submit(StudySpec spec) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(studies)
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(spec)))
                .build();
        return json.readValue(text(request), StudyView.class);
    }

    /**
     * Follows a study until its stream ends.
     *
     * @param listener gets each view; what it throws ends the stream
     * @param heard runs for every line, heartbeats included, before the view; what it throws ends the stream
     * @return the last view, empty when none came
     */
    public Optional<StudyView> events(UUID id, Consumer<StudyView> listener, Runnable heard)
            throws IOException, InterruptedException {
        HttpRequest request = get(of(id, "/events"), "text/event-stream")
                .timeout(ANSWER_LIMIT)
                .build();
        HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            refuseError(response, "");
            Optional<StudyView> last = Optional.empty();
            for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
                String text = line.next();
                heard.run();
                if (text.startsWith(EVENT_DATA)) {
                    StudyView view = json.readValue(text.substring(EVENT_DATA.length()), StudyView.class);
                    listener.accept(view);
                    last = Optional.of(view);
                    if (view.state().isFinal()) {
                        return last;
                    }
                }
            }
            return last;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** {@code report.json} as the gateway wrote it. */
    public String report(UUID id) throws IOException, InterruptedException {
        return text(get(of(id, "/report"), "application/json").build());
    }

    /** The report as a page. */
    public String reportPage(UUID id) throws IOException, InterruptedException {
        return text(get(of(id, "/report"), "text/html").build());
    }

    /** The lines of {@code samples.jsonl}; the caller closes the stream. */
    public InputStream samples(UUID id) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(get(of(id, "/samples"), "*/*").build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() >= FIRST_ERROR) {
            try (InputStream body = response.body()) {
                refuseError(response, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return response.body();
    }

    /** Reads a report. */
    public StudyReport parse(String report) {
        try {
            return json.readValue(report, StudyReport.class);
        } catch (JsonProcessingException e) {
            throw LauncherException.failed("the gateway's report cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private URI of(UUID id, String what) {
        return URI.create(studies + "/" + id + what);
    }

    private static HttpRequest.Builder get(URI uri, String accept) {
        return HttpRequest.newBuilder(uri).timeout(ANSWER_LIMIT).header("Accept", accept);
    }

    private String text(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        refuseError(response, response.body());
        return response.body();
    }

    private void refuseError(HttpResponse<?> response, String body) throws IOException {
        if (response.statusCode() >= FIRST_SERVER_ERROR) {
            throw new IOException("the gateway answers with status " + response.statusCode() + ": " + detail(body));
        }
        if (response.statusCode() >= FIRST_ERROR) {
            throw LauncherException.usage("the gateway refuses: " + detail(body));
        }
    }

    /** The one line for a person of an RFC 7807 problem. */
    private String detail(String body) {
        try {
            JsonNode problem = json.readTree(body);
            String detail = problem.path("detail").asText(problem.path("title").asText());
            return detail.isEmpty() ? body.lines().findFirst().orElse("no reason given") : detail;
        } catch (JsonProcessingException e) {
            return body.lines().findFirst().orElse("no reason given");
        }
    }
}
