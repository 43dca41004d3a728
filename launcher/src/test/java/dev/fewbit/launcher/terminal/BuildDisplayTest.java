package dev.fewbit.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.quantizer.work.WorkStep;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuildDisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final HandClock clock = new HandClock();

    @Test
    void shouldPrintAPlainLineEveryFiveSecondsWithTheTimeLeftWhenItIsNoTerminal() {
        // Given
        BuildDisplay display = new BuildDisplay(out, false, clock);

        // When: a quarter of the layers in 6 s leaves 18 s for the rest
        display.working(layers("layer 1 of 4, self_attn.q_proj", 0));
        clock.pass(Duration.ofSeconds(6));
        display.working(layers("layer 2 of 4, self_attn.q_proj", 0.25));
        clock.pass(Duration.ofSeconds(1));
        display.working(layers("layer 2 of 4, self_attn.k_proj", 0.3));
        display.took(Duration.ofMillis(24_040), null);

        // Then
        assertThat(printed())
                .isEqualTo("layers 25 %: layer 2 of 4, self_attn.q_proj, 0:18 left\nquantized in 24.0 s\n");
    }

    @Test
    void shouldRedrawInPlaceAndTakeTheLineAwayWhenItIsATerminal() {
        // Given
        BuildDisplay display = new BuildDisplay(out, true, clock);

        // When
        display.working(layers("layer 3 of 4, mlp.down_proj", 0.5));
        display.note("layer 3: damping is raised");
        display.took(Duration.ofSeconds(2), Duration.ofMillis(6_430));

        // Then
        assertThat(printed())
                .isEqualTo("\r\u001b[2K████████████············ layers 50 %: layer 3 of 4, mlp.down_proj"
                        + "\r\u001b[2Klayer 3: damping is raised\n"
                        + "quantized in 2.0 s, fidelity measured in 6.4 s\n");
    }

    @Test
    void shouldBeginItsPaceAnewWithEachStage() {
        // Given
        BuildDisplay display = new BuildDisplay(out, false, clock);
        display.working(layers("layer 1 of 4, self_attn.q_proj", 0));
        clock.pass(Duration.ofSeconds(100));
        display.working(new WorkStep("training", "step 0 of 400", 28, 28, 0));

        // When: a tenth of the training in 10 s leaves 90 s
        clock.pass(Duration.ofSeconds(10));
        display.working(new WorkStep("training", "step 40 of 400", 28, 28, 0.1));

        // Then
        assertThat(printed()).isEqualTo("training 0 %: step 0 of 400\ntraining 10 %: step 40 of 400, 1:30 left\n");
    }

    private static WorkStep layers(String current, double share) {
        return new WorkStep("layers", current, (int) (28 * share), 28, share);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
