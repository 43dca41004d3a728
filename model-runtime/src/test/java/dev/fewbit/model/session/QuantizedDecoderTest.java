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

    @Test
    void shouldThrowWhenLogitsAreNotFinite() throws IOException {
        // Given
        RandomLlama llama = new RandomLlama(true);
        float[] gain = llama.tensor("model.norm.weight").toFloats();
        gain[7] = Float.NaN;
        llama.set("model.norm.weight", gain);
        DecoderGraph.write(llama.config(), llama, directory);

        // When
        try (DecoderSession session = open(directory, ArithmeticMode.EXACT)) {

            // Then
            assertThatThrownBy(() -> session.prefill(0, TOKENS))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("logits are not finite");
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
