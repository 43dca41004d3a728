package dev.fewbit.evaluator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.generation.ServedModelKey;
import dev.fewbit.evaluator.generation.ServerUnavailableException;
import dev.fewbit.evaluator.testing.CompletionsDouble;
import dev.fewbit.evaluator.testing.CompletionsDouble.Answer;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerator.Completed;
import dev.fewbit.generation.CompletionGenerator.Task;
import dev.fewbit.generation.UnusableModelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiModelsTest {
    private static final DecodingSpec DECODING = new DecodingSpec(0.2, 0.95, 50, 300, 1L, null);
    private static final StopRule STOP = new StopRule(List.of("\ndef", "\nclass", "\nif", "\nprint", "\n#"));
    private static final String KEY = "sk-hunter2";
    private static final int ATTEMPTS = 4;
    private static final BooleanSupplier NEVER = () -> false;

    private final CompletionsDouble server = new CompletionsDouble();
    private final List<Duration> waits = new ArrayList<>();
    private final Map<String, String> environment = Map.of(
            "FEWBIT_EVALUATOR_KEY", KEY, "FEWBIT_EVALUATOR_KEY_BROKEN", "two words", "FEWBIT_EVALUATOR_KEY_EMPTY", " ");

    /** Four attempts, from half a second to two. */
    private record Config(Optional<List<String>> servers) implements EvaluatorConfig.OpenAi {
        @Override
        public int attempts() {
            return ATTEMPTS;
        }

        @Override
        public Duration backOff() {
            return Duration.ofMillis(500);
        }

        @Override
        public Duration longestBackOff() {
            return Duration.ofMillis(1500);
        }

        @Override
        public Duration longestRetryAfter() {
            return Duration.ofMinutes(2);
        }

        @Override
        public Duration pause() {
            return Duration.ofSeconds(30);
        }

        @Override
        public Duration patience() {
            return Duration.ofMinutes(10);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void shouldAskForEachSampleWithItsOwnSeedWhenATaskHasSeveral() {
        // When
        List<Completed> completed = generate(server.spec(), new Task("p0", "def f():\n", List.of(0, 1)));

        // Then the seeds are SHA-256 over seed, index and problem, big-endian, first four bytes, halved
        assertThat(completed)
                .containsExactly(
                        new Completed("p0", 0, "    return 0", 5, "stop"),
                        new Completed("p0", 1, "    return 0", 5, "stop"));
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().getFirst().toString())
                .isEqualTo(
                        "{\"model\":\"m-q4\",\"prompt\":\"def f():\\n\",\"max_tokens\":300,\"temperature\":0.2,\"top_p\":0.95,"
                                + "\"seed\":1529739191,\"n\":1,\"stream\":false,"
                                + "\"stop\":[\"\\ndef\",\"\\nclass\",\"\\nif\",\"\\nprint\",\"\\n#\"],"
                                + "\"top_k\":50,\"min_p\":0.0,\"samplers\":[\"temperature\",\"top_k\",\"top_p\"]}");
        assertThat(server.requests().get(1).path("seed").asInt()).isEqualTo(132921272);
        assertThat(server.authorizations()).containsOnly("none");
    }

    @Test
    void shouldSendOnlyWhatOpenAiHasWhenTheServerHasNoExtensions() {
        // When
        generate(new OpenAiSpec(server.url(), "m", null, 1, null, false), task(1));

        // Then
        assertThat(server.requests().getFirst().properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "model", "prompt", "max_tokens", "temperature", "top_p", "seed", "n", "stream", "stop");
        assertThat(server.requests().getFirst().path("stop").toString())
                .isEqualTo("[\"\\ndef\",\"\\nclass\",\"\\nif\",\"\\nprint\"]");
    }

    @Test
    void shouldWaitAsLongAsTheServerAsksWhenItHasTooMuchToDo() {
        // Given
        server.answer(
                new Answer(429, "{\"error\":{\"message\":\"slow down\"}}", Map.of("Retry-After", "7")),
                new Answer(503, "loading", Map.of("Retry-After", "0")));

        // When, Then
        assertThat(generate(server.spec(), task(1))).hasSize(1);
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(1));
    }

    @Test
    void shouldGiveUpAtOnceWhenTheServerWantsToBeLeftAloneForLong() {
        // Given
        server.answer(new Answer(429, "{\"error\":{\"message\":\"tomorrow\"}}", Map.of("Retry-After", "86400")));

        // When, Then
        assertThatThrownBy(() -> generate(server.spec(), task(1)))
                .isInstanceOfSatisfying(
                        ServerUnavailableException.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofDays(1)))
                .hasMessage(server.url() + " answered 429: tomorrow (1 attempt)");
        assertThat(waits).isEmpty();
    }

    @Test
    void shouldBackOffTheSameEachTimeAndNeverMakeASampleWhenTheServerFailsForEver() {
        // Given
        for (int i = 0; i < ATTEMPTS; i++) {
            server.answer(new Answer(500, "{\"error\":{\"message\":\"out of\\nmemory\"}}"));
        }
        List<Completed> completed = new ArrayList<>();

        // When, Then
        assertThatThrownBy(() -> open(server.spec()).generate(List.of(task(1)), DECODING, STOP, completed::add, NEVER))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessage(server.url() + " answered 500: out of memory (4 attempts)");
        assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1500));
        assertThat(completed).isEmpty();
    }

    @Test
    void shouldTryAgainWhenAnAnswerIsNoWholeCompletion() {
        // Given
        server.answer(
                new Answer(200, "{\"choices\":[{\"text\":\"    ret"),
                new Answer(200, "{\"choices\":[]}"),
                new Answer(200, CompletionsDouble.completion("    ret", "null", 2)));

        // When, Then
        assertThat(generate(server.spec(), task(1))).containsExactly(new Completed("p0", 0, "    return 0", 5, "stop"));
        assertThat(waits).hasSize(3);
    }

    @Test
    void shouldRefuseAServerThatDoesNotCountTokens() {
        // Given
        server.answer(new Answer(200, "{\"choices\":[{\"text\":\"x\",\"finish_reason\":\"stop\"}]}"));

        // When, Then
        assertThatThrownBy(() -> generate(server.spec(), task(1)))
                .isInstanceOf(UnusableModelException.class)
                .hasMessage(server.url()
                        + " answered without usage.completion_tokens; allowed: a server that counts the tokens of a"
                        + " completion");
        assertThat(waits).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"error\":{\"message\":\"Incorrect API key provided: sk-hunter2\"}} | answered 401: Incorrect API key provided: ***",
                "403 | {\"detail\":\"no\"}                              | answered 403: no",
                "400 | {\"error\":{\"message\":\"too long\"}}           | answered 400: too long",
                "404 | {\"object\":\"error\",\"message\":\"no model x\"} | answered 404: no model x",
                "400 | <b>sk-hunter2</b>                                | answered 400: <b>***</b>",
                "302 | moved                                            | answered 302, a redirection; allowed: the address itself"
            })
    void shouldFailWithTheServersWordsAndWithoutTheKeyWhenItRefuses(int status, String body, String said) {
        // Given
        server.answer(new Answer(status, body, Map.of("Location", server.url() + "/elsewhere")));
        OpenAiSpec spec = new OpenAiSpec(server.url(), "m", "FEWBIT_EVALUATOR_KEY", 1, null, null);

        // When, Then
        assertThatThrownBy(() -> generate(spec, task(1)))
                .isInstanceOf(UnusableModelException.class)
                .hasMessage(server.url() + " " + said);
        assertThat(server.authorizations()).containsExactly("Bearer " + KEY);
        assertThat(waits).isEmpty();
    }

    @Test
    void shouldTryAgainWhenTheServerIsTooSlow() {
        // Given a server that keeps the first request until the second has come
        CountDownLatch second = new CountDownLatch(2);
        server.beforeAnswering(body -> {
            second.countDown();
            await(second);
            return body;
        });

        // When
        List<Completed> completed = generate(new OpenAiSpec(server.url(), "m", null, 1, 1, null), task(1));

        // Then
        assertThat(completed).hasSize(1);
        assertThat(server.requests()).hasSize(2);
        assertThat(waits).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void shouldSayThatNothingAnswersWhenTheServerIsDown() {
        // Given
        OpenAiSpec spec = server.spec();
        server.close();

        // When, Then
        assertThatThrownBy(() -> generate(spec, task(1)))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessageStartingWith(spec.url() + " does not answer: ")
                .hasMessageEndingWith("(4 attempts)");
        assertThatThrownBy(() -> models(Optional.empty()).facts(model(spec)))
                .isInstanceOf(ServerUnavailableException.class);
    }

    @Test
    void shouldKeepAsManyRequestsUnderWayAsAskedForAndNoMore() {
        // Given: requests are answered in threes, which needs three under way at once
        CyclicBarrier three = new CyclicBarrier(3);
        server.beforeAnswering(body -> {
            try {
                three.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            return body;
        });

        // When
        List<Completed> completed = generate(new OpenAiSpec(server.url(), "m", null, 3, null, null), task(12));

        // Then
        assertThat(completed).hasSize(12);
        assertThat(server.mostUnderWay()).isEqualTo(3);
    }

    @Test
    void shouldAskForNoMoreWhenCancelled() {
        // Given
        List<Completed> completed = new ArrayList<>();

        // When
        open(server.spec()).generate(List.of(task(100)), DECODING, STOP, completed::add, () -> completed.size() >= 3);

        // Then: what was under way when it was noticed may be a few more
        assertThat(completed).hasSize(3);
        assertThat(server.requests().size()).isBetween(3, 99);
    }

    @Test
    void shouldKeepWhatWasAnsweredWhenTheServerThenGoesAway() {
        // Given
        server.answer(new Answer(200, CompletionsDouble.COMPLETION), new Answer(200, CompletionsDouble.COMPLETION));
        for (int i = 0; i < ATTEMPTS; i++) {
            server.answer(new Answer(502, ""));
        }
        List<Completed> completed = new ArrayList<>();

        // When, Then
        assertThatThrownBy(() -> open(server.spec()).generate(List.of(task(3)), DECODING, STOP, completed::add, NEVER))
                .hasMessage(server.url() + " answered 502: no reason was given (4 attempts)");
        assertThat(completed).extracting(Completed::index).containsExactly(0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "stop, 5, stop",
        "'stop\",\"stop_reason\":\"\\ndef', 5, stop",
        "length, 300, max-new-tokens",
        "length, 200, max-length"
    })
    void shouldSayWhyACompletionEnded(String reason, int tokens, String finish) {
        // Given
        server.answer(new Answer(200, CompletionsDouble.completion("x", "\"" + reason + "\"", tokens)));

        // When, Then
        assertThat(generate(server.spec(), task(1)))
                .extracting(Completed::finish)
                .containsExactly(finish);
    }

    @Test
    void shouldTellAnEndTokenWhenTheServerDoes() {
        // Given: as vLLM answers when no stop string was met
        server.answer(new Answer(200, CompletionsDouble.completion("x", "\"stop\",\"stop_reason\":null", 4)));

        // When, Then
        assertThat(generate(server.spec(), task(1)))
                .extracting(Completed::finish)
                .containsExactly("end-of-text");
    }

    @Test
    void shouldRefuseAFilteredCompletion() {
        // Given
        server.answer(new Answer(200, CompletionsDouble.completion("", "\"content_filter\"", 0)));

        // When, Then
        assertThatThrownBy(() -> generate(server.spec(), task(1)))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageContaining("filtered the completion of problem 'p0'");
    }

    @Test
    void shouldKnowTheModelByWhatItsServerReportsAndNotByWhenOrWhere() {
        // Given
        server.answerModels(new Answer(200, """
                {"object":"list","data":[{"id":"other"},
                 {"id":"m-q4","created":1795613418,"owned_by":"llamacpp","permission":[{"id":"random"}],
                  "meta":{"n_params":4213504,"size":8432640}}]}"""));

        // When, Then
        assertThat(models(Optional.empty()).facts(model(server.spec())).engine())
                .isEqualTo(
                        "openai-completions 1; sampling by temperature, top_k, top_p in this order; the server reports "
                                + "{\"id\":\"m-q4\",\"owned_by\":\"llamacpp\",\"meta\":{\"n_params\":4213504,\"size\":8432640}}");
        server.answerModels(new Answer(404, ""));
        assertThat(models(Optional.empty())
                        .facts(model(new OpenAiSpec(server.url(), "m-q4", null, null, null, false)))
                        .engine())
                .isEqualTo(
                        "openai-completions 1; sampling by top_p, no top_k; the server reports nothing of its models");
    }

    @Test
    void shouldRefuseAModelThatItsServerDoesNotList() {
        assertThatThrownBy(() -> models(Optional.empty()).facts(model(new OpenAiSpec(server.url(), "m-q8"))))
                .isInstanceOf(UnusableModelException.class)
                .hasMessage("model is 'm-q8', which " + server.url() + " does not list; allowed: 'm-q4'");
    }

    @ParameterizedTest
    @CsvSource({
        "FEWBIT_EVALUATOR_KEY_GONE, which the evaluator service's environment does not have",
        "FEWBIT_EVALUATOR_KEY_EMPTY, which the evaluator service's environment does not have",
        "FEWBIT_EVALUATOR_KEY_BROKEN, holds what is no key (not shown)"
    })
    void shouldNameTheVariableAndNotItsValueWhenItHoldsNoKey(String variable, String said) {
        // Given
        OpenAiSpec spec = new OpenAiSpec(server.url(), "m", variable, null, null, null);

        // When, Then
        assertThatThrownBy(() -> generate(spec, task(1)))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining(said)
                .hasMessageNotContaining("two words");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void shouldAskOnlyServersThatTheInstallationAllows() {
        // Given
        OpenAiModels elsewhere = models(Optional.of(List.of("https://models.example/v1")));
        OpenAiModels here = models(Optional.of(List.of("https://models.example", server.url() + "/")));

        // When, Then
        assertThatThrownBy(() -> elsewhere.facts(model(server.spec())))
                .isInstanceOf(UnusableModelException.class)
                .hasMessage("url is " + server.url()
                        + "; allowed here (fewbit.evaluator.openai.servers): https://models.example/v1");
        assertThat(here.facts(model(server.spec())).engine()).contains("\"id\":\"m-q4\"");
    }

    private List<Completed> generate(OpenAiSpec spec, Task task) {
        List<Completed> completed = new ArrayList<>();
        open(spec).generate(List.of(task), DECODING, STOP, completed::add, NEVER);
        return completed;
    }

    private CompletionGenerator open(OpenAiSpec spec) {
        return models(Optional.empty()).open(new ServedModelKey(spec));
    }

    private OpenAiModels models(Optional<List<String>> servers) {
        return new OpenAiModels(new Config(servers), environment::get, waits::add);
    }

    private static GeneratorSpec model(OpenAiSpec spec) {
        return new GeneratorSpec(spec, 4, 100L, null);
    }

    private static Task task(int samples) {
        return new Task("p0", "def f():\n", IntStream.range(0, samples).boxed().toList());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
