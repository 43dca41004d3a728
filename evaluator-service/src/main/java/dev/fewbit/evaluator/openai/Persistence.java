package dev.fewbit.evaluator.openai;

import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.generation.ServerUnavailableException;
import java.time.Duration;

/**
 * How often and how long a request is tried: back-off doubles and is the same each time, since samples of one server are made by one
 * process that bounds its requests; what the server asks for in Retry-After is waited for.
 */
final class Persistence {
    private final EvaluatorConfig.OpenAi config;
    private final Waiting waiting;

    /** Waits; a seam for tests. */
    @FunctionalInterface
    interface Waiting {
        void wait(Duration time) throws InterruptedException;
    }

    /** One attempt. */
    @FunctionalInterface
    interface Attempt<T> {
        T make() throws ServerFaultException, InterruptedException;
    }

    Persistence(EvaluatorConfig.OpenAi config, Waiting waiting) {
        this.config = config;
        this.waiting = waiting;
    }

    /**
     * Tries until it succeeds.
     *
     * @throws ServerUnavailableException when all attempts failed, or the server wants to be left alone for longer than is waited
     */
    <T> T persist(Attempt<T> attempt) throws InterruptedException {
        Duration backOff = config.backOff();
        for (int made = 1; ; made++) {
            try {
                return attempt.make();
            } catch (ServerFaultException e) {
                if (made >= config.attempts() || e.retryAfter().compareTo(config.longestRetryAfter()) > 0) {
                    throw new ServerUnavailableException(
                            e.getMessage() + " (" + made + (made == 1 ? " attempt)" : " attempts)"), e.retryAfter());
                }
                waiting.wait(longer(backOff, e.retryAfter()));
                Duration doubled = backOff.multipliedBy(2);
                backOff = doubled.compareTo(config.longestBackOff()) > 0 ? config.longestBackOff() : doubled;
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
