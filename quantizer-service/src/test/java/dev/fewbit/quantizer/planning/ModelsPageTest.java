package dev.fewbit.quantizer.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.decoder.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelsPageTest {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final Path FIXTURES =
            ROOT.resolve("model-runtime/src/test/resources/dev/fewbit/model/transformers/architectures");

    @Test
    void shouldBeThePageThatIsCommitted() throws IOException {
        assertThat(new ModelsPage().render()).isEqualTo(Files.readString(ROOT.resolve("docs/models.md")));
    }

    @Test
    void shouldNameFixturesThatAreOfTheArchitecture() {
        for (Architecture architecture : Architecture.all()) {
            assertThat(ModelsPage.coverage(architecture).fixtures())
                    .isNotEmpty()
                    .allSatisfy(fixture -> {
                        try (Checkpoint checkpoint = Checkpoint.open(FIXTURES.resolve(fixture))) {
                            assertThat(checkpoint.config().architecture()).isEqualTo(architecture.name());
                        }
                    });
        }
    }
}
