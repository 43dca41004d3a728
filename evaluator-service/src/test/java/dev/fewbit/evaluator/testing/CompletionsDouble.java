package dev.fewbit.evaluator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fewbit.contracts.generation.OpenAiSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Stands for a server with OpenAI's completions API. Answers what was put in its way first, then a completion to everybody. */
public final class CompletionsDouble implements AutoCloseable {
    public static final String MODEL = "m-q4";
    public static final String COMPLETION = completion("    return 0", "\"stop\"", 5);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private volatile Answer models =
            new Answer(200, "{\"object\":\"list\",\"data\":[{\"id\":\"" + MODEL + "\",\"created\":17}]}");
    private volatile UnaryOperator<JsonNode> beforeAnswering = body -> body;

    /** What is answered once. */
    public record Answer(int status, String body, Map<String, String> headers) {
        public Answer(int status, String body) {
            this(status, body, Map.of());
        }
    }

    public CompletionsDouble() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/models", exchange -> send(exchange, models));
        server.createContext("/v1/completions", this::complete);
        server.start();
    }

    /** A completion's body; {@code finish} is JSON. */
    public static String completion(String text, String finish, int tokens) {
        return """
                {"object":"text_completion","choices":[{"index":0,"text":"%s","finish_reason":%s}],
                 "usage":{"prompt_tokens":3,"completion_tokens":%d}}""".formatted(text, finish, tokens);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The server, asked one at a time. */
    public OpenAiSpec spec() {
        return new OpenAiSpec(url(), MODEL, null, 1, null, null);
    }

    /** The next requests get these answers, one each. */
    public void answer(Answer... next) {
        answers.addAll(List.of(next));
    }

    public void answerModels(Answer answer) {
        models = answer;
    }

    /** Called with each request's body before it is answered; it may wait. */
    public void beforeAnswering(UnaryOperator<JsonNode> hook) {
        beforeAnswering = hook;
    }

    /** Bodies of the completion requests so far. */
    public List<JsonNode> requests() {
        return requests;
    }

    /** Authorization headers of the completion requests so far, {@code none} where there was none. */
    public List<String> authorizations() {
        return authorizations;
    }

    public int mostUnderWay() {
        return mostUnderWay.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void complete(HttpExchange exchange) throws IOException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        JsonNode body = new JsonMapper().readTree(exchange.getRequestBody());
        requests.add(body);
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        authorizations.add(authorization == null ? "none" : authorization);
        beforeAnswering.apply(body);
        Answer answer = answers.poll();
        underWay.decrementAndGet();
        send(exchange, answer == null ? new Answer(200, COMPLETION) : answer);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
