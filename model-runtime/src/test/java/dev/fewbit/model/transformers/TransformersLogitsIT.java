package dev.fewbit.model.transformers;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformersLogitsIT {
    private static final double TOLERANCE = 1e-4;
    private static final int SLOTS = 8;

    @TempDir
    static Path directory;

    private static TransformersFixture fixture;
    private static DecoderSession session;

    @BeforeAll
    static void load() throws IOException {
        fixture = new TransformersFixture();
        try (Checkpoint checkpoint = Checkpoint.open(TransformersFixture.checkpoint())) {
            DecoderGraph.write(checkpoint.config(), new CheckpointWeights(checkpoint), directory);
        }
        session = DecoderSession.open(directory, new SessionSettings(2, SLOTS, 512, ArithmeticMode.EXACT));
    }

    @AfterAll
    static void release() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 15, 16, 17, 31, 64, 100, 127, 128, 200, 256, 257, 333, 399, 400})
    void shouldAgreeWithTransformersWhenAPromptIsPrefilled(int length) {
        // Given
        int sequence = length % SLOTS;
        int[] prompt = Arrays.copyOf(fixture.sequences().get(sequence), length);

        // When
        Logits logits = session.prefillLogits(sequence, prompt);

        // Then
        double worst = 0;
        for (int row = 0; row < length; row++) {
            worst = Math.max(worst, fixture.difference(sequence, row, logits.values(), row * logits.vocabulary()));
        }
        assertThat(logits.rows()).isEqualTo(length);
        assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void shouldAgreeWithTransformersWhenOneRowIsDecodedTokenByToken() {
        // Given
        int[] tokens = fixture.sequences().getFirst();
        session.prefill(0, Arrays.copyOf(tokens, 1));

        // When
        double worst = 0;
        for (int length = 1; length < tokens.length; length++) {
            Logits logits = session.decodeLogits(new int[] {tokens[length]}, new int[] {length});
            worst = Math.max(worst, fixture.difference(0, length, logits.values(), 0));
        }

        // Then
        assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void shouldAgreeWithTransformersWhenEightRaggedRowsAreDecoded() {
        // Given
        int[] lengths = {1, 3, 10, 17, 33, 64, 91, 150};
        for (int row = 0; row < SLOTS; row++) {
            session.prefill(row, Arrays.copyOf(fixture.sequences().get(row), lengths[row]));
        }

        // When
        double worst = 0;
        for (int step = 0; step < 250; step++) {
            int[] tokens = new int[SLOTS];
            for (int row = 0; row < SLOTS; row++) {
                tokens[row] = fixture.sequences().get(row)[lengths[row]];
            }
            Logits logits = session.decodeLogits(tokens, lengths);
            for (int row = 0; row < SLOTS; row++) {
                worst = Math.max(
                        worst, fixture.difference(row, lengths[row], logits.values(), row * logits.vocabulary()));
                lengths[row]++;
            }
        }

        // Then
        assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void shouldAgreeWithTransformersWhenAPromptIsCopiedToAnotherSlot() {
        // Given
        int[] tokens = fixture.sequences().get(5);
        session.prefill(7, fixture.sequences().get(2));
        session.prefill(3, Arrays.copyOf(tokens, 120));

        // When
        session.copy(3, 0, 120);
        Logits logits = session.decodeLogits(new int[] {tokens[120]}, new int[] {120});

        // Then
        assertThat(fixture.difference(5, 120, logits.values(), 0)).isLessThanOrEqualTo(TOLERANCE);
    }
}
