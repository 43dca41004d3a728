package dev.fewbit.launcher.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

/** Readiness by {@code /q/health/ready} of a Quarkus service; names the checks that are down. */
public final class HttpReadiness implements Readiness {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final HttpClient http;
    private final HttpRequest request;
    private final ObjectMapper json = new ObjectMapper();

    public HttpReadiness(HttpClient http, int port) {
        this.http = http;
        this.request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(PATIENCE)
                .build();
    }

    @Override
    public Optional<String> missing() {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == OK ? Optional.empty() : Optional.of(down(response));
        } catch (IOException e) {
            return Optional.of("no answer to its health check");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private String down(HttpResponse<String> response) {
        try {
            StringJoiner names = new StringJoiner("; ", "not up: ", "");
            for (JsonNode check : json.readTree(response.body()).path("checks")) {
                if (!"UP".equals(check.path("status").asText())) {
                    JsonNode data = check.path("data");
                    names.add(check.path("name").asText() + (data.isMissingNode() ? "" : " " + data));
                }
            }
            return names.toString();
        } catch (JsonProcessingException e) {
            return "its health check answers with status " + response.statusCode();
        }
    }
}
