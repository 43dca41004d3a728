package dev.fewbit.quantizer.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.calibration.TextDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTextsTest {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final Path REFERENCE = ROOT.resolve("reference-model/checkpoint");

    @TempDir
    private Path directory;

    @Test
    void shouldBeTheOwnTextsWhenCheckpointIsTheReferenceModelWhereverItLies() throws IOException {
        // Given
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (var files = Files.list(REFERENCE)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }

        try (Checkpoint checkpoint = Checkpoint.open(copy)) {
            // When
            HeldOutTexts texts = HeldOutTexts.of(ROOT, checkpoint, null);

            // Then
            assertThat(texts.byKey()).containsOnlyKeys("code", "text");
            assertThat(texts.byKey().values())
                    .allSatisfy(text -> assertThat(text.ids().stream()
                                    .mapToInt(ids -> ids.length - 1)
                                    .sum())
                            .isBetween(32_768, 33_792));
            assertThat(texts.digests().get("code")).isNotEqualTo(texts.digests().get("text"));
            assertThat(HeldOutTexts.of(ROOT, checkpoint, new FidelitySpec(null, null)))
                    .isEqualTo(HeldOutTexts.NONE);
        }
    }

    @Test
    void shouldBeWhatTheRecipeNamesAndNothingElseWhenCheckpointIsAnother() throws IOException {
        Path tiny = new TinyCheckpoint("BF16").write(directory.resolve("tiny"));
        Files.writeString(
                directory.resolve("own.jsonl"), "{\"text\": \"a test\"}\n{\"text\": \"\"}\n{\"text\": \"no\"}\n");

        try (Checkpoint checkpoint = Checkpoint.open(tiny)) {
            assertThat(HeldOutTexts.of(ROOT, checkpoint, null)).isEqualTo(HeldOutTexts.NONE);

            HeldOutText text = HeldOutTexts.of(directory, checkpoint, new FidelitySpec(null, "own.jsonl"))
                    .byKey()
                    .get("text");
            // An empty document is an EOS alone, which predicts nothing
            assertThat(text.documents()).extracting(TextDocument::name).containsExactly("own.jsonl:1", "own.jsonl:3");
            assertThat(text.ids()).containsExactly(new int[] {6, 3, 5, 4, 10, 5, 1}, new int[] {9, 7, 1});
        }
    }

    @Test
    void shouldNameTheFileWhenThereIsNothingToMeasureOn() throws IOException {
        Path tiny = new TinyCheckpoint("BF16").write(directory.resolve("tiny"));
        Path empty = Files.writeString(directory.resolve("own.jsonl"), "{\"text\": \"\"}\n");

        try (Checkpoint checkpoint = Checkpoint.open(tiny)) {
            assertThatThrownBy(() -> HeldOutTexts.of(directory, checkpoint, new FidelitySpec("own.jsonl", null)))
                    .isInstanceOf(QuantizationException.class)
                    .hasMessage(empty + ": has no document of two tokens or more to measure on");
        }
    }

    @Test
    void shouldRefuseWhatWasCalibratedOn() throws IOException {
        Path tiny = new TinyCheckpoint("BF16").write(directory.resolve("tiny"));
        Path own =
                Files.writeString(directory.resolve("own.jsonl"), "{\"text\": \"a test\"}\n{\"text\": \"another\"}\n");

        try (Checkpoint checkpoint = Checkpoint.open(tiny)) {
            HeldOutTexts texts = HeldOutTexts.of(directory, checkpoint, new FidelitySpec("own.jsonl", null));

            texts.requireDisjoint(List.of(new TextDocument("b.jsonl:1", "a test of something else")));
            assertThatThrownBy(() -> texts.requireDisjoint(List.of(new TextDocument("b.jsonl:7", "another"))))
                    .isInstanceOf(QuantizationException.class)
                    .hasMessage(
                            "fidelity.code: " + own
                                    + ": document own.jsonl:2 is also document b.jsonl:7 of the calibration text; allowed: others");
        }
    }
}
