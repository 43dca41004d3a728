package dev.fewbit.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class WrittenWindowsTest {
    private static final int LENGTH = 12;

    private final Fixture fixture = new Fixture();

    @Test
    void shouldDrawEachTokenFromTheDistributionBehindThoseBeforeIt() {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Fixture.checkpoint()) {
            // Given: the forward pass over whole windows, which knows nothing of keys and values kept
            int[][] prompts = fixture.windows().ids();
            DecoderForward decoder = new DecoderForward(arena, checkpoint, LENGTH);

            // When: 70 windows are three groups, the last one smaller
            int[][] windows = writer(arena, checkpoint).write(70, prompts, 3, 9);

            // Then
            assertThat(windows).hasDimensions(70, LENGTH);
            for (int i = 0; i < windows.length; i++) {
                SplittableRandom random = new SplittableRandom(9 + i);
                int[] prompt = prompts[random.nextInt(prompts.length)];
                assertThat(Arrays.copyOf(windows[i], 3)).isEqualTo(Arrays.copyOf(prompt, 3));
                Matrix logits = decoder.logits(arena, windows[i]);
                for (int position = 2; position < LENGTH - 1; position++) {
                    assertThat(windows[i][position + 1])
                            .as("window %d, position %d", i, position)
                            .isEqualTo(WrittenWindows.draw(logits.row(position), random));
                }
            }
        }
    }

    @Test
    void shouldWriteTheSameWhateverTheNumberOfThreads() throws Exception {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Fixture.checkpoint();
                ForkJoinPool one = new ForkJoinPool(1);
                ForkJoinPool three = new ForkJoinPool(3)) {
            // Given
            WrittenWindows writer = writer(arena, checkpoint);
            int[][] prompts = fixture.windows().ids();

            // When
            int[][] alone = one.submit(() -> writer.write(70, prompts, 1, 2)).get();
            int[][] together =
                    three.submit(() -> writer.write(70, prompts, 1, 2)).get();

            // Then
            assertThat(together).isDeepEqualTo(alone);
        }
    }

    @Test
    void shouldDrawTokensAsOftenAsTheirWeightsSay() {
        // Given: weights 1, 3 and 0
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[3];

        // When
        for (int i = 0; i < 10_000; i++) {
            drawn[WrittenWindows.draw(new float[] {0, (float) Math.log(3), -200}, random)]++;
        }

        // Then: the deviation of a share of a quarter in 10,000 draws is 0.0043
        assertThat(drawn[0] / 10_000.0).isCloseTo(0.25, within(0.015));
        assertThat(drawn[2]).isZero();
    }

    private static WrittenWindows writer(Arena arena, Checkpoint checkpoint) {
        return new WrittenWindows(
                checkpoint, Fixture.layers(arena, checkpoint), DecoderHead.of(arena, checkpoint, LENGTH), LENGTH);
    }
}
