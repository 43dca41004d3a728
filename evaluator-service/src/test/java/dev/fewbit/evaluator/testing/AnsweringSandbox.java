package dev.fewbit.evaluator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.evaluator.event.EventCodec;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Answers execution requests on the in-memory channels until it is closed; each verdict twice, as a broker may deliver. */
public final class AnsweringSandbox implements AutoCloseable {
    private final InMemoryConnector broker;
    private final EventCodec codec;
    private final String salt;
    private final BiFunction<JsonNode, Integer, Verdict> judge;
    private final ConcurrentHashMap<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private int read;

    /**
     * @param salt in the tests of the requests that it answers; others are passed over
     * @param judge the verdict of a request, the how-manieth for its execution; {@code null} answers nothing
     */
    public AnsweringSandbox(
            InMemoryConnector broker, EventCodec codec, String salt, BiFunction<JsonNode, Integer, Verdict> judge) {
        this.broker = broker;
        this.codec = codec;
        this.salt = salt;
        this.judge = judge;
        clock.scheduleWithFixedDelay(this::answer, 0, 5, TimeUnit.MILLISECONDS);
    }

    /** How often each execution was asked for. */
    public List<Integer> timesAsked() {
        return asked.values().stream().map(AtomicInteger::get).toList();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void answer() {
        List<Message<String>> received =
                new ArrayList<>(broker.<String>sink("execution-requests").received());
        for (; read < received.size(); read++) {
            JsonNode request = parse(received.get(read).getPayload());
            if (!request.path("tests").path("inline").asText().contains(salt)) {
                continue;
            }
            String id = request.path("executionId").asText();
            int times = asked.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
            Verdict verdict = judge.apply(request, times);
            if (verdict != null) {
                ExecutionResult result =
                        Fixture.answer(id, request.path("attempt").asInt(), verdict);
                broker.<String>source("execution-results").send(codec.write(result));
                broker.<String>source("execution-results").send(codec.write(result));
            }
        }
    }

    private static JsonNode parse(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
