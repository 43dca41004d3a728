package dev.fewbit.evaluator.openai;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.evaluator.generation.ServerUnavailableException;
import dev.fewbit.generation.CompletionGenerator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Completions by a server: a bounded number of requests under way, each on a thread of its own that also waits and tries again. */
final class OpenAiCompletionGenerator implements CompletionGenerator {
    private static final long LOOK_EVERY_MILLIS = 100;

    private final OpenAiServer server;
    private final OpenAiSpec spec;
    private final Persistence persistence;

    OpenAiCompletionGenerator(OpenAiServer server, OpenAiSpec spec, Persistence persistence) {
        this.server = server;
        this.spec = spec;
        this.persistence = persistence;
    }

    @Override
    public void generate(
            List<Task> tasks,
            DecodingSpec decoding,
            StopRule stop,
            Consumer<Completed> sink,
            BooleanSupplier cancelled) {
        List<CompletionCall> calls = tasks.stream()
                .flatMap(task -> task.indexes().stream()
                        .map(index -> new CompletionCall(spec, decoding, stop, task.problem(), task.prompt(), index)))
                .toList();
        try (ExecutorService requests = Executors.newFixedThreadPool(
                spec.concurrency(), Thread.ofVirtual().name("openai-", 0).factory())) {
            CompletionService<Completed> answers = new ExecutorCompletionService<>(requests);
            AtomicBoolean over = new AtomicBoolean();
            calls.forEach(call -> answers.submit(() -> ask(call, over)));
            try {
                take(answers, calls.size(), sink, cancelled);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServerUnavailableException("interrupted while asking " + spec.url(), Duration.ZERO);
            } finally {
                // Whatever is still under way is of no use any more; its thread is interrupted, and the pool's end
                // waits for it.
                requests.shutdownNow();
            }
        }
    }

    /** Asks for one sample, unless another's failure has ended the call meanwhile: what began after it would be asked for twice. */
    private Completed ask(CompletionCall call, AtomicBoolean over) throws InterruptedException {
        if (over.get()) {
            throw new CancellationException("not asked for any more");
        }
        try {
            return persistence.persist(() -> call.completed(server.complete(call.body())));
        } catch (RuntimeException e) {
            over.set(true);
            throw e;
        }
    }

    /** Hands answers on until all are there, one failed for good, or nobody wants them. */
    private static void take(
            CompletionService<Completed> answers, int expected, Consumer<Completed> sink, BooleanSupplier cancelled)
            throws InterruptedException {
        int left = expected;
        while (left > 0 && !cancelled.getAsBoolean()) {
            Future<Completed> answer = answers.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            if (answer != null) {
                left--;
                try {
                    sink.accept(answer.get());
                } catch (ExecutionException e) {
                    keep(answers, sink);
                    throw failure(e);
                }
            }
        }
    }

    /** What was answered before a failure was noticed is not asked for again. */
    private static void keep(CompletionService<Completed> answers, Consumer<Completed> sink)
            throws InterruptedException {
        for (Future<Completed> answer = answers.poll(); answer != null; answer = answers.poll()) {
            if (answer.state() == Future.State.SUCCESS) {
                sink.accept(answer.resultNow());
            }
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return e.getCause() instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("a request ended without an answer", e.getCause());
    }

    @Override
    public boolean addsBos() {
        // The server's tokenizer decides; elsewhere() says so.
        return false;
    }

    @Override
    public List<Integer> endTokens() {
        // The server's model decides.
        return List.of();
    }

    @Override
    public Map<String, String> circumstances() {
        return Map.of();
    }

    @Override
    public Map<String, String> elsewhere() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("prompt.bos", "left to the server's tokenizer");
        facts.put("openai.url", spec.url());
        facts.put("openai.concurrency", String.valueOf(spec.concurrency()));
        return facts;
    }

    @Override
    public void close() {
        // Nothing is held between calls.
    }
}
