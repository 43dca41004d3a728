package dev.fewbit.gateway.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Answers for the evaluator: samples by evaluation, or a failure. */
public final class EvaluatorStub implements QuarkusTestResourceLifecycleManager {
    private static final String PATH = "/api/v1/evaluations/";
    private static final Map<UUID, Answer> ANSWERS = new ConcurrentHashMap<>();

    private static final String BENCHMARKS = "/api/v1/benchmarks/";

    /** What it says of benchmarks; it knows no others. */
    private static final Map<String, String> KNOWN = Map.of(
            "humaneval", "{\"name\":\"humaneval\",\"available\":true,\"problems\":164}",
            "mbpp",
                    "{\"name\":\"mbpp\",\"available\":false,\"problems\":0,\"reason\":\"benchmark mbpp needs the file d/mbpp/mbpp.jsonl\"}");

    private HttpServer server;

    /**
     * What an evaluation's samples are.
     *
     * @param lines of the body
     * @param team the only one that may ask
     * @param breaksOff the connection ends in the middle of the body
     */
    public record Answer(int status, String lines, String team, boolean breaksOff) {}

    public static void answer(UUID evaluation, Answer answer) {
        ANSWERS.put(evaluation, answer);
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(PATH, EvaluatorStub::handle);
        server.createContext(BENCHMARKS, EvaluatorStub::benchmark);
        server.start();
        return Map.of(
                "fewbit.gateway.evaluator-url",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void stop() {
        server.stop(0);
    }

    private static void benchmark(HttpExchange exchange) throws IOException {
        String found = KNOWN.get(exchange.getRequestURI().getPath().substring(BENCHMARKS.length()));
        try (exchange) {
            exchange.sendResponseHeaders(found == null ? 404 : 200, 0);
            exchange.getResponseBody().write((found == null ? "" : found).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void handle(HttpExchange exchange) throws IOException {
        String id = exchange.getRequestURI().getPath().substring(PATH.length()).replace("/samples", "");
        Answer answer = ANSWERS.getOrDefault(UUID.fromString(id), new Answer(404, "", "", false));
        boolean allowed = answer.team().equals(exchange.getRequestHeaders().getFirst("Fewbit-Team"));
        byte[] body = answer.lines().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(allowed ? answer.status() : 404, answer.breaksOff() ? body.length + 1000 : 0);
            exchange.getResponseBody().write(body);
        }
    }
}
