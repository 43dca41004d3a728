package dev.fewbit.evaluator.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.generation.UnusableModelException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt at a time at a server's API, and what its answers mean: a fault that may pass, or a refusal that will not. Thread-safe.
 */
final class OpenAiServer {
    private static final long MOST_BYTES = 32L << 20;
    private static final int OK = 200;
    private static final int REDIRECTION = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    /** Request timeout, too early, too many requests: refusals of the moment. */
    private static final Set<Integer> OF_THE_MOMENT = Set.of(408, 425, 429);

    private static final Set<Integer> NO_SUCH_ENDPOINT = Set.of(404, 405, 501);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final HttpClient client;
    private final JsonMapper mapper;
    private final OpenAiSpec spec;
    private final ServerKey key;

    OpenAiServer(HttpClient client, JsonMapper mapper, OpenAiSpec spec, ServerKey key) {
        this.client = client;
        this.mapper = mapper;
        this.spec = spec;
        this.key = key;
    }

    /** What the server says of itself and its models; empty when it has no such endpoint. */
    Optional<JsonNode> models() throws ServerFaultException, InterruptedException {
        HttpResponse<String> response = send(request("/v1/models", LOOK).GET().build());
        return NO_SUCH_ENDPOINT.contains(response.statusCode()) ? Optional.empty() : Optional.of(json(response));
    }

    /** Asks for a completion; the answer is JSON, and not looked at further. */
    JsonNode complete(JsonNode body) throws ServerFaultException, InterruptedException {
        HttpRequest request = request("/v1/completions", Duration.ofSeconds(spec.timeoutSeconds()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return json(send(request));
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(spec.url() + path))
                .timeout(timeout)
                .header("Accept", "application/json");
        key.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private HttpResponse<String> send(HttpRequest request) throws ServerFaultException, InterruptedException {
        try {
            return client.send(
                    request,
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES));
        } catch (HttpTimeoutException e) {
            throw new ServerFaultException(spec.url() + " did not answer within "
                    + request.timeout().orElseThrow().toSeconds() + " s");
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new ServerFaultException(key.masked(spec.url() + " does not answer: " + why));
        }
    }

    private JsonNode json(HttpResponse<String> response) throws ServerFaultException {
        int status = response.statusCode();
        String said = spec.url() + " answered " + status + ": " + reason(response.body());
        if (status >= SERVER_ERROR || OF_THE_MOMENT.contains(status)) {
            throw new ServerFaultException(key.masked(said), retryAfter(response));
        }
        if (status >= CLIENT_ERROR) {
            throw new UnusableModelException(key.masked(said));
        }
        if (status >= REDIRECTION) {
            // Followed, it could carry the key to somebody else.
            throw new UnusableModelException(
                    key.masked(spec.url() + " answered " + status + ", a redirection; allowed: the address itself"));
        }
        try {
            JsonNode body = mapper.readTree(response.body());
            if (status == OK && body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new ServerFaultException(key.masked(spec.url() + " answered what is no JSON: " + response.body()));
        }
        throw new ServerFaultException(key.masked(spec.url() + " answered what is no JSON object: " + response.body()));
    }

    /** The message of an error's body, however the server packs it. */
    private String reason(String body) {
        try {
            JsonNode root = mapper.readTree(body);
            for (JsonNode place : new JsonNode[] {
                root.at("/error/message"), root.path("message"), root.path("error"), root.path("detail")
            }) {
                if (place.isTextual()) {
                    return place.textValue();
                }
            }
        } catch (JsonProcessingException e) {
            // Then the body itself is the message: a proxy's page, or nothing.
            return body.isBlank() ? "no reason was given" : body;
        }
        return body.isBlank() ? "no reason was given" : body;
    }

    /** Seconds or a date, as HTTP has it; zero where neither stands there. */
    private static Duration retryAfter(HttpResponse<?> response) {
        String value = response.headers().firstValue("Retry-After").orElse("").strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), at);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
