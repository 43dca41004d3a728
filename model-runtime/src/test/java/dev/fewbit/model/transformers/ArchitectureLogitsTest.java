package dev.fewbit.model.transformers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.Logits;
import dev.fewbit.model.session.SessionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences of 48 tokens: windows are 16 or 31, the lengths first learned 32 or 40 where positions are scaled. */
class ArchitectureLogitsTest {
    private static final double TOLERANCE = 1e-4;
    private static final int SLOTS = 8;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "codellama",
                "deepseek-coder",
                "llama-3",
                "mistral",
                "qwen2.5-coder",
                "qwen2-windowed",
                "qwen3",
                "starcoder2",
                "gpt-bigcode",
                "phi-3-mini",
                "phi-4-mini",
                "gemma",
                "gemma-2",
                "granite"
            })
    void shouldAgreeWithTransformersWhenPrefilledDecodedAloneAndDecodedTogether(String name) throws IOException {
        // Given
        TransformersFixture fixture = TransformersFixture.of(name);
        try (Checkpoint checkpoint = Checkpoint.open(TransformersFixture.checkpoint(name))) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), directory);
        }
        try (DecoderSession session =
                DecoderSession.open(directory, new SessionSettings(1, SLOTS, 64, ArithmeticMode.EXACT))) {

            // When
            double prefilled = prefill(session, fixture);
            double alone = decode(session, fixture, new int[] {1});
            double together = decode(session, fixture, new int[] {1, 3, 8, 15, 16, 17, 31, 40});

            // Then
            assertThat(prefilled).as("prefill").isLessThanOrEqualTo(TOLERANCE);
            assertThat(alone).as("batch 1").isLessThanOrEqualTo(TOLERANCE);
            assertThat(together).as("batch 8").isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @Test
    void shouldRefuseALengthWhenThePositionsWouldChangeInTheMiddleOfASequence() throws IOException {
        // Given: LongRoPE with 64 positions first learned, of 2048 in all
        try (Checkpoint checkpoint = Checkpoint.open(TransformersFixture.checkpoint("phi-4-mini"))) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), directory);
        }

        // When, Then
        assertThatThrownBy(() -> DecoderSession.open(directory, new SessionSettings(1, 1, 65, ArithmeticMode.EXACT)))
                .hasMessage("maxLength 65: at most 64, the model's longest sequence");
    }

    /** All sequences as a whole: every position stands for a prompt of its length. */
    private static double prefill(DecoderSession session, TransformersFixture fixture) {
        double worst = 0;
        for (int sequence = 0; sequence < fixture.sequences().size(); sequence++) {
            int[] tokens = fixture.sequences().get(sequence);
            Logits logits = session.prefillLogits(sequence % SLOTS, tokens);
            for (int row = 0; row < tokens.length; row++) {
                worst = Math.max(worst, fixture.difference(sequence, row, logits.values(), row * logits.vocabulary()));
            }
        }
        return worst;
    }

    /** Rows of the given lengths, each prefilled, then decoded side by side until the longest is at its end. */
    private static double decode(DecoderSession session, TransformersFixture fixture, int[] prefilled) {
        int[] lengths = prefilled.clone();
        for (int row = 0; row < lengths.length; row++) {
            session.prefill(row, Arrays.copyOf(fixture.sequences().get(row), lengths[row]));
        }
        int steps = fixture.sequences().getFirst().length
                - Arrays.stream(lengths).max().orElseThrow();
        double worst = 0;
        for (int step = 0; step < steps; step++) {
            int[] tokens = new int[lengths.length];
            for (int row = 0; row < tokens.length; row++) {
                tokens[row] = fixture.sequences().get(row)[lengths[row]];
            }
            Logits logits = session.decodeLogits(tokens, lengths);
            for (int row = 0; row < tokens.length; row++) {
                worst = Math.max(
                        worst, fixture.difference(row, lengths[row], logits.values(), row * logits.vocabulary()));
                lengths[row]++;
            }
        }
        return worst;
    }
}
