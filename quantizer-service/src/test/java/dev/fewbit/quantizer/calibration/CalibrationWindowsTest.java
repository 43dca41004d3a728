package dev.fewbit.quantizer.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationWindowsTest {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final Path CHECKPOINT = ROOT.resolve("reference-model/checkpoint");

    @TempDir
    private Path directory;

    private Checkpoint checkpoint;

    @BeforeEach
    void open() {
        checkpoint = Checkpoint.open(CHECKPOINT);
    }

    @AfterEach
    void close() {
        checkpoint.close();
    }

    @Test
    void shouldCutTheSameWindowsFromTheSameSeed() {
        // When
        TokenWindows first = windows(new CalibrationSpec("code", null, 4, 64, 1L));
        TokenWindows again = windows(new CalibrationSpec("code", null, 4, 64, 1L));
        TokenWindows other = windows(new CalibrationSpec("code", null, 4, 64, 2L));

        // Then
        assertThat(first.sequences()).isEqualTo(4);
        assertThat(first.length()).isEqualTo(64);
        assertThat(first.ids()[0][0]).as("BOS").isZero();
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(other.digest()).isNotEqualTo(first.digest());
    }

    @Test
    void shouldHaveTextEnoughForTheDefault() {
        assertThat(windows(CalibrationSpec.code()).ids()).hasDimensions(128, 512);
    }

    @Test
    void shouldJoinDocumentsWithBosAndEosWhenCut() throws IOException {
        // Given
        write("own.jsonl", "{\"text\": \"def f(x):\\n    return x\\n\"}\n");
        int[] ids;
        try (Tokenizer tokenizer = Tokenizer.open(CHECKPOINT)) {
            ids = tokenizer.encode("def f(x):\n    return x\n");
        }

        // When
        TokenWindows windows = windows(file("own.jsonl", 1, 8));

        // Then
        int[] whole = Arrays.copyOf(ids, ids.length + 1);
        whole[ids.length] = 1;
        assertThat(windows.ids()[0]).isEqualTo(Arrays.copyOf(whole, 8));
    }

    @Test
    void shouldHashExactlyTheIds() {
        // The digest of "1 2\n3 4\n", by sha256sum
        assertThat(new TokenWindows(new int[][] {{1, 2}, {3, 4}}).digest())
                .isEqualTo("871d6e7f463a42c5573203c50db6e52da506d5395af73e09237410dec5eff856");
    }

    @Test
    void shouldDrawIdsOfTheVocabularyWhenRandom() {
        // When
        TokenWindows windows = windows(new CalibrationSpec("random", null, 8, 128, 0L));

        // Then
        int[] ids = Arrays.stream(windows.ids()).flatMapToInt(Arrays::stream).toArray();
        assertThat(ids).hasSize(1024);
        assertThat(Arrays.stream(ids).allMatch(id -> id >= 0 && id < 2048)).isTrue();
        assertThat(Arrays.stream(ids).distinct().count()).isGreaterThan(500);
    }

    @Test
    void shouldSayHowMuchTextIsMissing() throws IOException {
        write("own.jsonl", "{\"text\": \"return x\"}\n");

        assertThatThrownBy(() -> windows(file("own.jsonl", 2, 512)))
                .isInstanceOf(QuantizationException.class)
                .hasMessageMatching(".*own.jsonl: has \\d tokens; calibration of 2 sequences of 512 needs 1024: .*");
    }

    @Test
    void shouldNameTheFileWhenItIsNoCalibrationText() throws IOException {
        write("empty.jsonl", "\n");
        write("other.jsonl", "{\"content\": \"x\"}\n");
        write("broken.jsonl", "{\"text\": \n");
        write("plain.jsonl.gz", "{\"text\": \"x\"}\n");
        Files.write(directory.resolve("latin.jsonl"), "{\"text\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused("absent.jsonl", "absent.jsonl: no such file; allowed: a JSONL file with a text field");
        assertRefused("empty.jsonl", "empty.jsonl: is empty; allowed: a JSONL file with a text field");
        assertRefused("other.jsonl", "other.jsonl:1: has no text field; allowed: JSON objects with one");
        assertRefused("broken.jsonl", "broken.jsonl:1: not JSON; allowed: a JSON object a line, with a text field");
        assertRefused("plain.jsonl.gz", "plain.jsonl.gz: not packed with gzip, though its name ends in .gz");
        assertRefused("latin.jsonl", "latin.jsonl: not UTF-8 text");
    }

    @Test
    void shouldRefuseWindowsLongerThanTheContext() {
        assertThatThrownBy(() -> windows(new CalibrationSpec("code", null, 1, 2000, 0L)))
                .hasMessageStartingWith("calibration.length is 2000; allowed: up to 1024, the longest sequence of ");
    }

    private void assertRefused(String name, String message) {
        assertThatThrownBy(() -> windows(file(name, 1, 8)))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(directory + "/" + message);
    }

    private CalibrationSpec file(String name, int sequences, int length) {
        return new CalibrationSpec(null, directory.resolve(name).toString(), sequences, length, 0L);
    }

    private TokenWindows windows(CalibrationSpec spec) {
        return new CalibrationWindows(ROOT).of(spec, checkpoint);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
