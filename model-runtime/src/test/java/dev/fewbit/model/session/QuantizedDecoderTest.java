package dev.fewbit.model.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.PlainLlama;
import dev.fewbit.model.architecture.RandomLlama;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.architecture.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedDecoderTest {
    private static final int[] TOKENS =
            IntStream.range(0, 60).map(i -> (i * 37 + 11) % 200).toArray();
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAgreeWithPlainArithmeticWhenNothingIsQuantized(boolean tied) throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(tied);
        double[][] expected = new PlainLlama(llama.config(), llama).logits(TOKENS);

        // When
        Logits logits = logits(llama, llama, ArithmeticMode.EXACT);

        // Then
        assertClose(logits, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 32, false",
        "8, 64, true",
        "4, 32, true",
        "4, 64, false",
        "3, 32, false",
        "3, 64, true",
        "3, 128, false",
        "2, 32, true",
        "2, 64, false",
        "2, 128, false"
    })
    void shouldComputeWhatTheCodesStandForWhenExact(int bits, int blockSize, boolean symmetric) throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        RoundedWeights rounded = new RoundedWeights(llama, bits, blockSize, symmetric, true);
        double[][] expected = new PlainLlama(llama.config(), rounded).logits(TOKENS);

        // When
        Logits logits =
                logits(llama, new RoundedWeights(llama, bits, blockSize, symmetric, false), ArithmeticMode.EXACT);

        // Then
        assertClose(logits, expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4, 3, 2})
    void shouldBeNearButNotEqualWhenActivationsAreRounded(int bits) throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        double[][] expected =
                new PlainLlama(llama.config(), new RoundedWeights(llama, bits, 64, false, true)).logits(TOKENS);

        // When
        Logits logits = logits(llama, new RoundedWeights(llama, bits, 64, false, false), ArithmeticMode.FAST);

        // Then
        double error = 0;
        double norm = 0;
        for (int row = 0; row < expected.length; row++) {
            for (int token = 0; token < expected[row].length; token++) {
                error += Math.pow(logits.at(row, token) - expected[row][token], 2);
                norm += Math.pow(expected[row][token], 2);
            }
        }
        assertThat(Math.sqrt(error / norm)).isBetween(1e-5, 5e-2);
    }

    @Test
    void shouldWriteTheSameBytesWhenWrittenTwice() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        RoundedWeights rounded = new RoundedWeights(llama, 3, 64, false, false);
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));

        // When
        DecoderGraph.write(llama.config(), rounded, first);
        DecoderGraph.write(llama.config(), rounded, second);

        // Then
        for (String file : List.of(DecoderGraph.MODEL_FILE, DecoderGraph.WEIGHTS_FILE)) {
            assertThat(first.resolve(file)).hasSameBinaryContentAs(second.resolve(file));
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenTheModelWasWidened() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        Path artifact = Files.createDirectory(directory.resolve("artifact"));
        Path scratch = Files.createDirectory(directory.resolve("scratch"));
        DecoderGraph.write(llama.config(), new RoundedWeights(llama, 3, 64, false, false), artifact);

        // When
        SessionSettings settings = new SessionSettings(1, 1, 64, ArithmeticMode.EXACT, scratch);
        try (DecoderSession session = DecoderSession.open(artifact, settings)) {
            session.prefill(0, TOKENS);
        }

        // Then
        assertThat(scratch).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "model.norm.weight, NaN, layer_2_input_norm",
        "model.layers.1.post_attention_layernorm.weight, Infinity, layer_1_mlp_norm",
        "model.layers.1.mlp.down_proj.weight, NaN, layer_1_down",
        "model.layers.0.self_attn.o_proj.weight, -Infinity, layer_0_o"
    })
    void shouldNameTheLayerWhenLogitsAreNotFinite(String tensor, float value, String node) throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        float[] weights = llama.tensor(tensor).toFloats();
        weights[7] = value;
        llama.set(tensor, weights);
        DecoderGraph.write(llama.config(), llama, directory);

        // When
        try (DecoderSession session = open(directory, ArithmeticMode.EXACT)) {

            // Then
            assertThatThrownBy(() -> session.prefill(0, TOKENS))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageMatching(
                            "logits are not finite: log-sum-exp NaN, largest .* in row 0 of 1; first in " + node);
            assertThatThrownBy(() -> session.decode(new int[] {5}, new int[] {3}))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageEndingWith("first in " + node);
        }
    }

    @ParameterizedTest
    @EnumSource(ArithmeticMode.class)
    void shouldGiveTheSameBitsWhenRowsAndThreadsChange(ArithmeticMode mode) throws IOException {
        // Given: prompts of different lengths, and what one thread computes for all seven rows
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), new RoundedWeights(llama, 4, 32, false, false), directory);
        Logits all = decoded(mode, 1, 7);

        // When, Then
        for (int threads = 1; threads <= 2; threads++) {
            for (int rows = 1; rows <= 7; rows++) {
                Logits some = decoded(mode, threads, rows);
                assertThat(some.values())
                        .as("%d threads, %d rows", threads, rows)
                        .isEqualTo(Arrays.copyOf(all.values(), rows * all.vocabulary()));
            }
        }
    }

    @Test
    void shouldAgreeWithAPromptInOnePieceWhenItComesInChunks() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), llama, directory);
        try (DecoderSession session =
                DecoderSession.open(directory, new SessionSettings(1, 2, 64, ArithmeticMode.EXACT))) {
            Candidates whole = session.prefill(0, TOKENS);

            // When
            session.prefill(1, TOKENS, 0, 25);
            session.decode(new int[] {3}, new int[] {60});
            session.prefill(1, TOKENS, 25, 26);
            Candidates last = session.prefill(1, TOKENS, 26, TOKENS.length);

            // Then: the row of no use that the step between had did not harm
            assertThat(last.ids()[0]).isEqualTo(whole.ids()[0]);
            assertThat(last.logits()).containsExactly(whole.logits(), within(TOLERANCE));
            assertThat(last.logSumExp()).isCloseTo(whole.logSumExp(), within(TOLERANCE));
        }
    }

    private Logits decoded(ArithmeticMode mode, int threads, int rows) {
        try (DecoderSession session = DecoderSession.open(directory, new SessionSettings(threads, rows, 64, mode))) {
            int[] tokens = new int[rows];
            int[] lengths = new int[rows];
            for (int row = 0; row < rows; row++) {
                lengths[row] = 9 + 7 * row;
                session.prefill(row, Arrays.copyOf(TOKENS, lengths[row]));
                tokens[row] = 3 + row;
            }
            return session.decodeLogits(tokens, lengths);
        }
    }

    @Test
    void shouldNameTheFileWhenThereIsNoModel() {
        assertThatThrownBy(() -> open(directory, ArithmeticMode.EXACT))
                .isInstanceOf(InvalidArtifactException.class)
                .hasMessage(directory.resolve("model.onnx") + ": is missing");
    }

    @Test
    void shouldNameTheFileWhenTheWeightsAreCutShort() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), new RoundedWeights(llama, 3, 64, false, false), directory);
        Path weights = directory.resolve(DecoderGraph.WEIGHTS_FILE);
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));

        // When, Then
        assertThatThrownBy(() -> open(directory, ArithmeticMode.EXACT))
                .isInstanceOf(InvalidArtifactException.class)
                .hasMessageContaining(weights.toString())
                .hasMessageContaining("outside the file's " + bytes.length / 2);
    }

    @Test
    void shouldRefuseALengthWhenTheModelHasFewerPositions() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), llama, directory);

        // When, Then
        assertThatThrownBy(() -> DecoderSession.open(directory, new SessionSettings(1, 1, 129, ArithmeticMode.EXACT)))
                .hasMessage("maxLength 129: at most 128, the model's longest sequence");
    }

    private Logits logits(RandomLlama llama, WeightSource weights, ArithmeticMode mode) throws IOException {
        DecoderGraph.write(llama.config(), weights, directory);
        try (DecoderSession session = open(directory, mode)) {
            return session.prefillLogits(0, TOKENS);
        }
    }

    private static DecoderSession open(Path artifact, ArithmeticMode mode) {
        return DecoderSession.open(artifact, new SessionSettings(1, 1, 64, mode));
    }

    private static void assertClose(Logits logits, double[][] expected) {
        assertThat(logits.rows()).isEqualTo(expected.length);
        for (int row = 0; row < expected.length; row++) {
            for (int token = 0; token < expected[row].length; token++) {
                assertThat(logits.at(row, token))
                        .as("row %d, token %d", row, token)
                        .isCloseTo((float) expected[row][token], within(TOLERANCE));
            }
        }
    }
}
