package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.WidthOverride;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.Logits;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linears that share their inputs at widths of their own: each is a node of its own, and computes what its weights say. */
class MixedWidthsIT {
    private static final int[] PROMPT = {0, 5, 9, 3};
    private static final List<WidthOverride> OVERRIDES = List.of(
            new WidthOverride("layers.*.self_attn.k_proj", 8),
            new WidthOverride("layers.1.self_attn.v_proj", 2),
            new WidthOverride("layers.*.mlp.up_proj", 4));

    @TempDir
    private Path directory;

    private Path checkpoint;

    @BeforeEach
    void write() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldComputeWhatTheWeightsSay(boolean symmetric) {
        // Given
        Recipe recipe = recipe(Method.RTN, symmetric, null, OVERRIDES);
        Path artifact = directory.resolve("artifact");

        // When
        ArtifactManifest manifest = new LocalQuantization().quantize(checkpoint, recipe, artifact);

        // Then
        assertThat(manifest.layers().stream().collect(Collectors.groupingBy(LayerError::bits, Collectors.counting())))
                .containsOnly(Map.entry(8, 2L), Map.entry(4, 2L), Map.entry(2, 1L), Map.entry(3, 9L));
        float[] expected = forward(recipe);
        Logits found = session(artifact);
        for (int token = 0; token < TinyCheckpoint.VOCABULARY; token++) {
            assertThat(found.at(PROMPT.length - 1, token)).isCloseTo(expected[token], within(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPTQ", "GPTQ_PLUS"})
    void shouldGiveLinearsTheirOwnWidthsWhenCalibrated(Method method) throws IOException {
        // Given
        Path text =
                Files.writeString(directory.resolve("own.jsonl"), "{\"text\": \"" + "some text. ".repeat(60) + "\"}\n");
        CalibrationSpec calibration = new CalibrationSpec(null, text.toString(), 8, 16, null);
        Recipe recipe = recipe(method, false, calibration, OVERRIDES);

        // When
        ArtifactManifest manifest = new LocalQuantization().quantize(checkpoint, recipe, directory.resolve("artifact"));

        // Then: more bits, less error
        assertThat(error(manifest, "model.layers.1.self_attn.k_proj.weight")).isLessThan(0.02);
        assertThat(error(manifest, "model.layers.1.self_attn.q_proj.weight")).isBetween(0.1, 0.6);
        assertThat(error(manifest, "model.layers.1.self_attn.v_proj.weight")).isGreaterThan(0.3);
        assertThat(manifest.provenance().calibration().bos()).isNull();
        assertThat(manifest.recipe().calibration().file()).isEqualTo("own.jsonl");
    }

    @Test
    void shouldRefuseAnOverrideThatMatchesNothing() {
        Recipe recipe = recipe(Method.RTN, false, null, List.of(new WidthOverride("layers.*.mlp.dwn_proj", 4)));

        assertThatThrownBy(() -> new LocalQuantization().quantize(checkpoint, recipe, directory.resolve("artifact")))
                .isInstanceOf(QuantizationException.class)
                .hasMessage("overrides: 'layers.*.mlp.dwn_proj' matches no linear of " + checkpoint
                        + "; allowed: such as layers.1.mlp.down_proj");
        assertThat(directory.resolve("artifact")).doesNotExist();
    }

    private static double error(ArtifactManifest manifest, String name) {
        return manifest.layers().stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .orElseThrow()
                .relativeError();
    }

    private float[] forward(Recipe recipe) {
        try (Arena arena = Arena.ofConfined();
                Checkpoint opened = Checkpoint.open(checkpoint)) {
            return RestoredDecoder.of(arena, opened, recipe, PROMPT.length)
                    .logits(arena, PROMPT)
                    .row(PROMPT.length - 1);
        }
    }

    private static Logits session(Path artifact) {
        SessionSettings settings = new SessionSettings(1, 1, 16, ArithmeticMode.EXACT);
        try (DecoderSession session = DecoderSession.open(artifact, settings)) {
            return session.prefillLogits(0, PROMPT);
        }
    }

    private static Recipe recipe(
            Method method, boolean symmetric, CalibrationSpec calibration, List<WidthOverride> overrides) {
        return new Recipe(method, 3, 32, symmetric, calibration, null, overrides, null, null, null);
    }
}
