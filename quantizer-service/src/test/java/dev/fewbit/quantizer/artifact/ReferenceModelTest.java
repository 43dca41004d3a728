package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.recipe.Recipe;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceModelTest {
    private static final Path CHECKPOINT = Path.of(System.getProperty("fewbit.root"), "reference-model", "checkpoint");

    @TempDir
    private Path directory;

    @Test
    void shouldNotStoreNarrowCodesWiderThanTheyAre() {
        // When
        ArtifactSizes sixteen = sizes("16", Recipe.baseline());
        ArtifactSizes four = sizes("4", Recipe.roundToNearest(4));
        ArtifactSizes three = sizes("3", Recipe.roundToNearest(3));
        ArtifactSizes two = sizes("2", Recipe.roundToNearest(2));

        // Then
        assertThat((double) three.linearStoredBytes() / four.linearStoredBytes())
                .isLessThanOrEqualTo(0.80);
        assertThat((double) two.linearStoredBytes() / four.linearStoredBytes()).isLessThanOrEqualTo(0.55);
        assertThat(three.residentBytes()).isEqualTo(four.residentBytes());
        assertThat(sixteen.bitsPerWeight()).isEqualTo(16);
        assertThat(four.storedBytes()).isLessThan(sixteen.storedBytes() / 2);
    }

    private ArtifactSizes sizes(String name, Recipe recipe) {
        return new LocalQuantization()
                .quantize(CHECKPOINT, recipe, directory.resolve(name))
                .sizes();
    }
}
