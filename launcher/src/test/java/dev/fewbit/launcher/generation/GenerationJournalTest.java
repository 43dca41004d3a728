package dev.fewbit.launcher.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.generation.GeneratedSample.SampleKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationJournalTest {
    private static final Map<String, String> IDENTITY = Map.of("artifact", "a", "decoding.seed", "0");

    @TempDir
    private Path directory;

    @Test
    void shouldGoOnWithWhatWasFinishedWhenStoppedInTheMiddleOfALine() throws IOException {
        // Given
        try (GenerationJournal journal = journal()) {
            journal.open(IDENTITY);
            journal.add(sample("p", 1));
            journal.add(sample("p", 0));
        }
        Files.writeString(part(), "{\"benchmark\":\"b\",\"lang", StandardOpenOption.APPEND);

        // When
        try (GenerationJournal journal = journal()) {
            Map<SampleKey, GeneratedSample> known = journal.open(IDENTITY);

            // Then
            assertThat(known.values()).containsExactlyInAnyOrder(sample("p", 0), sample("p", 1));
            journal.add(sample("q", 0));
            journal.finish(journal.all(List.of(new SampleKey("p", 0), new SampleKey("p", 1), new SampleKey("q", 0))));
        }
        assertThat(part()).doesNotExist();
        assertThat(Files.readAllLines(directory.resolve("samples.jsonl")))
                .hasSize(3)
                .first()
                .isEqualTo(
                        "{\"benchmark\":\"b\",\"language\":\"python\",\"problem\":\"p\",\"index\":0,\"completion\":\"    x\","
                                + "\"program\":\"def p():\\n    x\",\"tokens\":3,\"finish\":\"stop\"}");
    }

    @Test
    void shouldSayWhatDiffersWhenTheFileIsOfAnotherGeneration() {
        // Given
        try (GenerationJournal journal = journal()) {
            journal.open(IDENTITY);
        }

        // Then
        try (GenerationJournal journal = journal()) {
            assertThatThrownBy(() -> journal.open(Map.of("artifact", "a", "decoding.seed", "1")))
                    .isInstanceOf(LauncherException.class)
                    .hasMessage(part()
                            + " holds samples of another generation (decoding.seed was 0, is 1); remove it or choose"
                            + " another --out");
        }
    }

    @Test
    void shouldRefuseADamagedLineWhenItIsNotTheLast() throws IOException {
        // Given
        try (GenerationJournal journal = journal()) {
            journal.open(IDENTITY);
            journal.add(sample("p", 0));
        }
        List<String> lines = Files.readAllLines(part());
        Files.write(part(), List.of(lines.get(0), "damaged", lines.get(1)));

        // Then
        try (GenerationJournal journal = journal()) {
            assertThatThrownBy(() -> journal.open(IDENTITY)).hasMessageContaining("a line is damaged");
        }
    }

    @Test
    void shouldFinishNothingWhenASampleIsMissing() {
        // Given
        try (GenerationJournal journal = journal()) {
            journal.open(IDENTITY);
            journal.add(sample("p", 0));

            // Then
            assertThatThrownBy(() -> journal.all(List.of(new SampleKey("p", 0), new SampleKey("p", 1))))
                    .hasMessageContaining("before all samples were there");
        }
        assertThat(directory.resolve("samples.jsonl")).doesNotExist();
        assertThat(part()).exists();
    }

    private GenerationJournal journal() {
        return new GenerationJournal(directory.resolve("samples.jsonl"));
    }

    private Path part() {
        return directory.resolve("samples.jsonl.part");
    }

    private static GeneratedSample sample(String problem, int index) {
        return new GeneratedSample("b", "python", problem, index, "    x", "def " + problem + "():\n    x", 3, "stop");
    }
}
