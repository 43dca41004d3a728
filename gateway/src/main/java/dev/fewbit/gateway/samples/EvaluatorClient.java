package dev.fewbit.gateway.samples;

import dev.fewbit.gateway.GatewayConfig;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The evaluator's HTTP API. The JDK's client, because its answers are read as they come: the connection holds back while the
 * gateway's own client is slow.
 */
@ApplicationScoped
class EvaluatorClient {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final HttpClient http;
    private final GatewayConfig config;

    EvaluatorClient(GatewayConfig config) {
        this.config = config;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.evaluatorConnectTimeout())
                .build();
    }

    /**
     * Samples of an evaluation, a {@code SampleView} in JSON a line.
     *
     * @throws EvaluatorUnavailableException when it does not answer 200 in time
     */
    InputStream samples(String team, UUID evaluation) {
        URI uri = URI.create(stripped(config.evaluatorUrl()) + "/api/v1/evaluations/" + evaluation + "/samples");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Fewbit-Team", team)
                .header("Accept", "application/jsonl")
                .timeout(config.evaluatorAnswerTimeout())
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != OK) {
                response.body().close();
                throw new EvaluatorUnavailableException(
                        "the evaluator answered " + response.statusCode() + " for the samples of evaluation "
                                + evaluation,
                        null);
            }
            return response.body();
        } catch (IOException e) {
            throw new EvaluatorUnavailableException("the evaluator does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluatorUnavailableException("interrupted while the evaluator was asked", e);
        }
    }

    /**
     * A benchmark as the evaluator finds it, a {@code BenchmarkView} in JSON; empty when it knows none of this name.
     *
     * @throws EvaluatorUnavailableException when it answers neither 200 nor 404 in time
     */
    Optional<String> benchmark(String name) {
        String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(stripped(config.evaluatorUrl()) + "/api/v1/benchmarks/" + path))
                .header("Accept", "application/json")
                .timeout(config.evaluatorAnswerTimeout())
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case OK -> Optional.of(response.body());
                case NOT_FOUND -> Optional.empty();
                default ->
                    throw new EvaluatorUnavailableException(
                            "the evaluator answered " + response.statusCode() + " for benchmark " + name, null);
            };
        } catch (IOException e) {
            throw new EvaluatorUnavailableException("the evaluator does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluatorUnavailableException("interrupted while the evaluator was asked", e);
        }
    }

    void onShutdown(@Observes ShutdownEvent event) {
        http.shutdownNow();
    }

    private static String stripped(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
