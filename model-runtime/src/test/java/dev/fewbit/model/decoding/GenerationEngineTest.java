package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.architecture.DecoderMetadata;
import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.InferenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationEngineTest {
    private static final BooleanSupplier NEVER = () -> false;
    private static final DecodingParameters SAMPLED = new DecodingParameters(1, 1, 2, 40, 5);
    /** Each token of this set ends a completion: about one in 15 does. */
    private static final StopCondition STOP = new StopCondition(
            IntStream.range(0, 60).map(i -> 10 + i * 15).boxed().collect(Collectors.toSet()), List.of());

    @TempDir
    Path directory;

    private TokenBytes tokenBytes;
    private int chunk = 64;

    @BeforeEach
    void writeTokenizer() throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"),
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"vocab\": {}}}");
        tokenBytes = TokenBytes.open(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 32})
    void shouldDrawWhatEachSampleDrawsAloneWhenSlotsAreShared(int slots) {
        // Given
        List<Prompt> prompts = prompts(23, 3);

        // When
        FakeDecoder decoder = new FakeDecoder(slots, 64);
        Map<String, int[]> drawn = generate(decoder, prompts, SAMPLED);

        // Then
        assertThat(drawn).hasSize(23 * 3);
        for (Prompt prompt : prompts) {
            for (int index : prompt.indexes()) {
                assertThat(drawn.get(prompt.problem() + "/" + index))
                        .as("%s/%d", prompt.problem(), index)
                        .isEqualTo(alone(prompt, index));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1", "2, 3", "3, 5", "7, 4", "32, 2"})
    void shouldDrawTheSameWhenPromptsComeInChunks(int slots, int tokensOfAChunk) {
        // Given
        List<Prompt> prompts = prompts(23, 3);
        chunk = tokensOfAChunk;

        // When
        FakeDecoder decoder = new FakeDecoder(slots, 64);
        Map<String, int[]> drawn = generate(decoder, prompts, SAMPLED);

        // Then
        assertThat(drawn).hasSize(23 * 3);
        for (Prompt prompt : prompts) {
            for (int index : prompt.indexes()) {
                assertThat(drawn.get(prompt.problem() + "/" + index))
                        .as("%s/%d", prompt.problem(), index)
                        .isEqualTo(alone(prompt, index));
            }
        }
    }

    @Test
    void shouldKeepRowsRunningWhenALongPromptComesBesideThem() {
        // Given: two samples of a short prompt, then a prompt of five chunks
        chunk = 4;
        List<Prompt> prompts = List.of(
                new Prompt("short", new int[] {1, 2}, List.of(0, 1)), new Prompt("long", new int[20], List.of(0)));
        FakeDecoder decoder = new FakeDecoder(3, 64);

        // When
        generate(decoder, prompts, new DecodingParameters(1, 1, 2, 12, 5), new StopCondition(Set.of(), List.of()));

        // Then: a step of both rows behind each chunk but the last, then steps of all three
        assertThat(decoder.batches().subList(0, 6)).containsExactly(2, 2, 2, 2, 3, 3);
        assertThat(decoder.prefills()).isEqualTo(6);
    }

    @Test
    void shouldRefuseWhatTheGraphDoesNotBringBackWhenTopKIsLarger() {
        assertThatThrownBy(() ->
                        generate(new FakeDecoder(2, 64), prompts(1, 1), new DecodingParameters(1, 1, 3, 8, 5), STOP))
                .hasMessage("topK 3: the model's graph brings back 2 logits a row");
        assertThatThrownBy(() -> generate(
                        new FakeDecoder(2, 64),
                        prompts(1, 1),
                        new DecodingParameters(1, 1, 2, OptionalInt.empty(), OptionalInt.of(65), 5),
                        STOP))
                .hasMessage("maxLength 65: a slot of this engine holds 64 tokens");
    }

    @Test
    void shouldEndAtTheTotalLengthWhenThatIsTheLimit() {
        // Given: a stop string that never occurs ends nothing
        List<Completion> completions = new ArrayList<>();

        // When
        engine(new FakeDecoder(2, 64))
                .generate(
                        List.of(new Prompt("p", new int[] {1, 2, 3}, List.of(0)))
                                .iterator(),
                        new DecodingParameters(0, 1, 1, OptionalInt.empty(), OptionalInt.of(10), 0),
                        new StopCondition(Set.of(), List.of("never")),
                        completions::add,
                        NEVER);

        // Then
        assertThat(completions).singleElement().satisfies(completion -> {
            assertThat(completion.tokens()).hasSize(7);
            assertThat(completion.reason()).isEqualTo(FinishReason.MAX_LENGTH);
        });
    }

    @Test
    void shouldKeepTheBatchFullWhenSamplesEndAtDifferentTimes() {
        // Given
        FakeDecoder decoder = new FakeDecoder(4, 64);

        // When
        generate(decoder, prompts(30, 2), SAMPLED);

        // Then: only at the end, when nothing waits, are there fewer rows
        List<Integer> batches = decoder.batches();
        int firstShort = batches.stream()
                .filter(rows -> rows < 4)
                .findFirst()
                .map(batches::indexOf)
                .orElseThrow();
        assertThat(batches.subList(0, firstShort)).containsOnly(4);
        assertThat(batches.subList(firstShort, batches.size())).isSortedAccordingTo((a, b) -> b - a);
        assertThat(batches.size() - firstShort).isLessThanOrEqualTo(40);
    }

    @Test
    void shouldPrefillOnceWhenTheSamplesOfAProblemRunTogether() {
        // Given
        FakeDecoder decoder = new FakeDecoder(8, 64);

        // When
        generate(decoder, prompts(1, 5), new DecodingParameters(1, 1, 2, 3, 5), new StopCondition(Set.of(), List.of()));

        // Then
        assertThat(decoder.prefills()).isEqualTo(1);
        assertThat(decoder.copies()).containsExactly("0>1:4", "0>2:4", "0>3:4", "0>4:4");
    }

    @Test
    void shouldEndForTheRightReasonWhenTokensRunOut() {
        // Given
        Prompt prompt = new Prompt("p", new int[] {1, 2, 3}, List.of(0));
        StopCondition none = new StopCondition(Set.of(), List.of());
        int[] firstTokens = alone(prompt, 0, DecodingParameters.greedy(8), none, 64);

        // When, Then
        assertThat(completion(prompt, 8, none, 64).reason()).isEqualTo(FinishReason.MAX_NEW_TOKENS);
        assertThat(completion(prompt, 8, none, 64).tokens())
                .isEqualTo(firstTokens)
                .hasSize(8);
        Completion full = completion(prompt, 8, none, 9);
        assertThat(full.reason()).isEqualTo(FinishReason.MAX_LENGTH);
        assertThat(full.tokens()).isEqualTo(Arrays.copyOf(firstTokens, 6));
        Completion ended = completion(prompt, 8, new StopCondition(Set.of(firstTokens[4]), List.of()), 64);
        assertThat(ended.reason()).isEqualTo(FinishReason.END_TOKEN);
        assertThat(ended.tokens()).isEqualTo(Arrays.copyOf(firstTokens, 5));
    }

    @Test
    void shouldStopBetweenStepsWhenCancelled() {
        // Given
        FakeDecoder decoder = new FakeDecoder(2, 64);
        AtomicInteger asked = new AtomicInteger();
        List<Completion> completions = new ArrayList<>();

        // When
        engine(decoder)
                .generate(
                        prompts(50, 1).iterator(), SAMPLED, STOP, completions::add, () -> asked.incrementAndGet() > 10);

        // Then
        assertThat(asked).hasValue(11);
        assertThat(completions).hasSizeLessThan(10);
    }

    @Test
    void shouldNameTheProblemWhenItsPromptFillsASlot() {
        // Given
        List<Prompt> prompts = List.of(new Prompt("long one", new int[64], List.of(0)));

        // When, Then
        assertThatThrownBy(() -> generate(new FakeDecoder(2, 64), prompts, SAMPLED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the prompt of problem long one has 64 tokens: at most 63 leave room for a completion");
    }

    @Test
    void shouldDeliverNoTokenOfAFaultWhenTheDecoderFails() {
        // Given
        FakeDecoder decoder = new FakeDecoder(2, 64);
        List<Completion> completions = new ArrayList<>();
        AtomicInteger cancelledAsked = new AtomicInteger();
        BooleanSupplier failing = () -> {
            if (cancelledAsked.incrementAndGet() == 30) {
                throw new InferenceException("logits are not finite");
            }
            return false;
        };

        // When, Then
        assertThatThrownBy(() ->
                        engine(decoder).generate(prompts(50, 1).iterator(), SAMPLED, STOP, completions::add, failing))
                .isInstanceOf(InferenceException.class);
        for (Completion completion : completions) {
            Prompt prompt = prompts(50, 1).stream()
                    .filter(p -> p.problem().equals(completion.problem()))
                    .findFirst()
                    .orElseThrow();
            assertThat(completion.tokens()).isEqualTo(alone(prompt, completion.index()));
        }
    }

    private Map<String, int[]> generate(FakeDecoder decoder, List<Prompt> prompts, DecodingParameters parameters) {
        return generate(decoder, prompts, parameters, STOP);
    }

    private Map<String, int[]> generate(
            FakeDecoder decoder, List<Prompt> prompts, DecodingParameters parameters, StopCondition stop) {
        Map<String, int[]> drawn = new TreeMap<>();
        engine(decoder)
                .generate(
                        prompts.iterator(),
                        parameters,
                        stop,
                        completion -> assertThat(
                                        drawn.put(completion.problem() + "/" + completion.index(), completion.tokens()))
                                .isNull(),
                        NEVER);
        return drawn;
    }

    private Completion completion(Prompt prompt, int newTokens, StopCondition stop, int maxLength) {
        List<Completion> completions = new ArrayList<>();
        engine(new FakeDecoder(3, maxLength))
                .generate(
                        List.of(prompt).iterator(),
                        DecodingParameters.greedy(newTokens),
                        stop,
                        completions::add,
                        NEVER);
        assertThat(completions).hasSize(1);
        return completions.getFirst();
    }

    private GenerationEngine engine(FakeDecoder decoder) {
        return new GenerationEngine(
                decoder, new DecoderMetadata("LlamaForCausalLM", 64, List.of(1)), tokenBytes, chunk);
    }

    private static int[] alone(Prompt prompt, int index) {
        return alone(prompt, index, SAMPLED, STOP, 64);
    }

    /** The same sample with no batch, no cache and no scheduler. */
    private static int[] alone(
            Prompt prompt, int index, DecodingParameters parameters, StopCondition stop, int maxLength) {
        SampleRandom random = new SampleRandom(parameters.seed(), prompt.problem(), index);
        TokenSampler sampler = new TokenSampler(parameters);
        int[] sequence = prompt.tokens();
        while (true) {
            Candidates candidates = FakeDecoder.after(sequence);
            int token = sampler.sample(candidates, random.next());
            sequence = Arrays.copyOf(sequence, sequence.length + 1);
            sequence[sequence.length - 1] = token;
            int drawn = sequence.length - prompt.tokens().length;
            if (stop.endTokens().contains(token)
                    || drawn == parameters.maxNewTokens().orElse(-1)
                    || sequence.length == maxLength) {
                return Arrays.copyOfRange(sequence, prompt.tokens().length, sequence.length);
            }
        }
    }

    private static List<Prompt> prompts(int count, int samples) {
        return IntStream.range(0, count)
                .mapToObj(p -> new Prompt(
                        "problem-" + p,
                        IntStream.range(0, 4 + p % 9).map(i -> 10 + p * 7 + i).toArray(),
                        IntStream.range(0, samples).boxed().toList()))
                .toList();
    }
}
