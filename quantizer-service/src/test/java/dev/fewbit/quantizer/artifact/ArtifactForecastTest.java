package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.WidthOverride;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.quantizer.ArchitectureFixtures;
import dev.fewbit.quantizer.planning.ArtifactForecast;
import dev.fewbit.quantizer.planning.CheckpointPlanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArtifactForecastTest {
    private static final long CASTS = 8192;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("dev.fewbit.quantizer.artifact.ArchitecturesTest#fixtures")
    void shouldBeTheSizesOfTheArtifactToTheByte(String fixture) throws IOException {
        Path checkpoint = ArchitectureFixtures.DIRECTORY.resolve(fixture);
        List<Recipe> recipes = List.of(
                Recipe.baseline(),
                Recipe.roundToNearest(8),
                Recipe.roundToNearest(4),
                Recipe.roundToNearest(3),
                Recipe.roundToNearest(2),
                new Recipe(Method.RTN, 8, 64, true),
                new Recipe(Method.RTN, 4, 32, false),
                new Recipe(Method.RTN, 3, 128, false),
                mixed());
        for (Recipe recipe : recipes) {
            // When
            ArtifactForecast forecast = ArtifactForecast.of(ModelConfig.read(checkpoint), recipe);

            // Then
            Path out = directory.resolve("artifact-" + recipes.indexOf(recipe));
            ArtifactManifest manifest = new LocalQuantization().quantize(checkpoint, recipe, out);
            assertThat(forecast.sizes()).as(recipe.toString()).isEqualTo(manifest.sizes());
            // The fp16 graph of an fp16 checkpoint casts less than that of a bf16 one.
            long files = Files.size(out.resolve("model.onnx"))
                    + Files.size(out.resolve("model-fp16.onnx"))
                    + Files.size(out.resolve("weights.bin"));
            assertThat(forecast.files()).isBetween(files, files + CASTS);
        }
    }

    @Test
    void shouldBeTheCacheOfTheSessionWhenServed() {
        // Given
        Path checkpoint = ArchitectureFixtures.DIRECTORY.resolve("gemma-2");
        Path out = directory.resolve("artifact");
        new LocalQuantization().quantize(checkpoint, Recipe.roundToNearest(4), out);

        // When
        long cache = new CheckpointPlanner()
                .plan(checkpoint.toString(), Recipe.roundToNearest(4), 5, 100)
                .serving()
                .cacheBytes();

        // Then
        try (DecoderSession session = DecoderSession.open(out, new SessionSettings(1, 5, 100, ArithmeticMode.EXACT))) {
            assertThat(cache).isEqualTo(session.cacheBytes());
        }
    }

    private static Recipe mixed() {
        return new Recipe(
                Method.RTN, 2, 64, false, null, 8, List.of(new WidthOverride("layers.0.mlp.*", 4)), null, null, null);
    }
}
