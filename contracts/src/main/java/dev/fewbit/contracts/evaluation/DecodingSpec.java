package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How completions are drawn. Logits are divided by the temperature, cut to the {@code top_k} largest, then to the
 * smallest set whose probability reaches {@code top_p}, in the order of {@code transformers}' warpers. A completion ends at an end
 * token of the checkpoint, at a stop string, or when its tokens run out.
 *
 * @param preset whose values hold for keys that are not given; {@code null} once resolved, see {@link #forBenchmark}
 * @param temperature 0 is greedy; default 0.2
 * @param topP in (0, 1]; default 0.95
 * @param topK 1 to 50 (the graph returns 50 logits a row); default 50
 * @param maxNewTokens of a completion, 1 to 100000; default 300; {@code null} where maxLength holds
 * @param maxLength of prompt and completion together, 2 to 1000000 tokens, instead of maxNewTokens
 * @param stop texts that end a completion and are cut off with what follows, beside the benchmark's own; {@code null}: none. One that
 *     never occurs ends nothing
 * @param seed a sample's random numbers depend on (seed, problem, index) alone; default 0
 * @param mode {@code exact} (default) keeps activations at full precision; {@code fast} rounds them to int8
 * @param prompt how prompts reach the model; default {@code plain}
 * @param n samples a problem, 1 to 1000; {@code null}: the study says it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "preset",
    "temperature",
    "top_p",
    "top_k",
    "max_new_tokens",
    "max_length",
    "stop",
    "seed",
    "mode",
    "prompt",
    "n"
})
public record DecodingSpec(
        @JsonProperty("preset") DecodingPreset preset,
        @JsonProperty("temperature") Double temperature,
        @JsonProperty("top_p") Double topP,
        @JsonProperty("top_k") Integer topK,
        @JsonProperty("max_new_tokens") Integer maxNewTokens,
        @JsonProperty("max_length") Integer maxLength,
        @JsonProperty("stop") List<String> stop,
        @JsonProperty("seed") Long seed,
        @JsonProperty("mode") ExecutionMode mode,
        @JsonProperty("prompt") PromptStyle prompt,
        @JsonProperty("n") Integer n) {

    /** How many logits a step brings back a row: the largest {@code top_k}. */
    public static final int MOST_TOP_K = 50;

    private static final double HIGHEST_TEMPERATURE = 100;
    private static final int MOST_NEW_TOKENS = 100_000;
    private static final int LONGEST = 1_000_000;
    private static final int MOST_SAMPLES = 1000;
    private static final int MOST_STOPS = 64;
    private static final int LONGEST_STOP = 1000;
    private static final int STANDARD_NEW_TOKENS = 300;
    private static final int PAPER_SAMPLES = 20;
    private static final int PAPER_LENGTH = 1024;
    private static final int PAPER_MCEVAL_LENGTH = 1500;

    public DecodingSpec {
        boolean greedy = preset == DecodingPreset.GREEDY;
        boolean paper = preset == DecodingPreset.PAPER;
        temperature = temperature == null ? Double.valueOf(greedy ? 0 : 0.2) : temperature;
        topP = topP == null ? Double.valueOf(greedy ? 1 : 0.95) : topP;
        topK = topK == null ? Integer.valueOf(greedy ? 1 : MOST_TOP_K) : topK;
        if (maxNewTokens == null && maxLength == null && !paper) {
            maxNewTokens = STANDARD_NEW_TOKENS;
        }
        seed = seed == null ? Long.valueOf(0) : seed;
        mode = mode == null ? ExecutionMode.EXACT : mode;
        prompt = prompt == null ? (paper ? PromptStyle.STRIPPED : PromptStyle.PLAIN) : prompt;
        stop = stop == null || stop.isEmpty() ? null : stops(stop);
        if (!(temperature >= 0 && temperature <= HIGHEST_TEMPERATURE)) {
            throw new InvalidSpecException("temperature", temperature, "0 to 100");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new InvalidSpecException("top_p", topP, "above 0, at most 1");
        }
        requireWithin("top_k", topK, 1, MOST_TOP_K);
        requireWithin("max_new_tokens", maxNewTokens, 1, MOST_NEW_TOKENS);
        requireWithin("max_length", maxLength, 2, LONGEST);
        requireWithin("n", n, 1, MOST_SAMPLES);
        if (maxNewTokens != null && maxLength != null) {
            throw new InvalidSpecException("max_length", maxLength, "max_length or max_new_tokens, not both");
        }
    }

    /** A specification of sampling alone: prompts as they are, no stop strings beside the benchmark's. */
    public DecodingSpec(
            Double temperature, Double topP, Integer topK, Integer maxNewTokens, Long seed, ExecutionMode mode) {
        this(null, temperature, topP, topK, maxNewTokens, null, null, seed, mode, null, null);
    }

    /** What holds where a study says nothing: temperature 0.2, top_p 0.95, top_k 50, at most 300 new tokens. */
    public static DecodingSpec standard() {
        return of(null);
    }

    /** As the study decoded; its length is the benchmark's, see {@link #forBenchmark}. */
    public static DecodingSpec paper() {
        return of(DecodingPreset.PAPER);
    }

    /** The most likely token at every step. */
    public static DecodingSpec greedy(int maxNewTokens) {
        return new DecodingSpec(0.0, 1.0, 1, maxNewTokens, null, null);
    }

    private static DecodingSpec of(DecodingPreset preset) {
        return new DecodingSpec(preset, null, null, null, null, null, null, null, null, null, null);
    }

    /**
     * The same with nothing left open: what a preset makes depend on the benchmark is decided, and no preset is named. A resolved
     * specification comes back equal, so that one that spells out a preset's values means the same.
     *
     * @param benchmark its name; McEval's begin with {@code mceval}
     */
    public DecodingSpec forBenchmark(String benchmark) {
        Integer length = maxLength;
        if (preset == DecodingPreset.PAPER && maxLength == null && maxNewTokens == null) {
            length = benchmark.toLowerCase(Locale.ROOT).startsWith("mceval") ? PAPER_MCEVAL_LENGTH : PAPER_LENGTH;
        }
        return new DecodingSpec(null, temperature, topP, topK, maxNewTokens, length, stop, seed, mode, prompt, n);
    }

    /** The same with {@code samples} samples a problem. */
    public DecodingSpec withN(int samples) {
        return new DecodingSpec(
                preset, temperature, topP, topK, maxNewTokens, maxLength, stop, seed, mode, prompt, samples);
    }

    /** Samples a problem where this says it: n, or the preset's. */
    public OptionalInt samples() {
        if (n != null) {
            return OptionalInt.of(n);
        }
        return switch (preset) {
            case PAPER -> OptionalInt.of(PAPER_SAMPLES);
            case GREEDY -> OptionalInt.of(1);
            case null -> OptionalInt.empty();
        };
    }

    /** The stop strings, none where none are given. */
    public List<String> stopStrings() {
        return stop == null ? List.of() : stop;
    }

    private static void requireWithin(String key, Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new InvalidSpecException(key, value, least + " to " + most);
        }
    }

    private static List<String> stops(List<String> strings) {
        if (strings.size() > MOST_STOPS) {
            throw new InvalidSpecException("stop", "a list of " + strings.size(), "at most " + MOST_STOPS + " strings");
        }
        for (String string : strings) {
            if (string == null || string.isEmpty() || string.length() > LONGEST_STOP) {
                throw new InvalidSpecException(
                        "stop",
                        string == null || string.isEmpty()
                                ? "a list with an empty string"
                                : "a string of " + string.length() + " characters",
                        "strings of 1 to " + LONGEST_STOP + " characters");
            }
        }
        return List.copyOf(strings);
    }
}
