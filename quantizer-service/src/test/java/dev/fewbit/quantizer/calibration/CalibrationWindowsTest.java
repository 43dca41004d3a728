package dev.fewbit.quantizer.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.QuantizationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationWindowsTest {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final Path CHECKPOINT = ROOT.resolve("reference-model/checkpoint");
    private static final Tokenizer TOKENIZER = Tokenizer.open(CHECKPOINT);
    private static final String PROSE = "Colours of the Rainbow are made by Refraction and Reflexion of Light. ";

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

    @ParameterizedTest
    @ValueSource(strings = {"code", "mixed", "random"})
    void shouldCutTheSameWindowsFromTheSameSeed(String set) {
        // When
        TokenWindows first = windows(new CalibrationSpec(set, null, 4, 64, 1L));
        TokenWindows again = windows(new CalibrationSpec(set, null, 4, 64, 1L));
        TokenWindows other = windows(new CalibrationSpec(set, null, 4, 64, 2L));

        // Then
        assertThat(first.ids()).hasDimensions(4, 64);
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(other.digest()).isNotEqualTo(first.digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "mixed", "random"})
    void shouldHaveTextEnoughForTheDefaultAndNoneOfItHeldOut(String set) {
        // Given
        Set<String> heldOut = heldOut().stream().map(TextDocument::digest).collect(Collectors.toSet());

        // When
        Calibration calibration = draw(new CalibrationSpec(set, null, null, null, null));

        // Then
        assertThat(calibration.windows().ids()).hasDimensions(128, 512);
        assertThat(calibration.bos()).isZero();
        assertThat(heldOut).hasSize(480 + 90);
        assertThat(calibration.documents()).extracting(TextDocument::digest).doesNotContainAnyElementsOf(heldOut);
    }

    @Test
    void shouldHaveNoWindowInCommonWithHeldOutText() {
        // Given: every run of 64 tokens of the held-out texts
        Set<String> heldOut = heldOut().stream()
                .map(document -> encode(document.text()))
                .flatMap(ids -> IntStream.rangeClosed(0, ids.length - 64)
                        .mapToObj(i -> digest(Arrays.copyOfRange(ids, i, i + 64))))
                .collect(Collectors.toSet());

        for (String set : List.of("code", "mixed", "random")) {
            // When
            TokenWindows windows = windows(new CalibrationSpec(set, null, 128, 64, 0L));

            // Then
            assertThat(Arrays.stream(windows.ids()).map(CalibrationWindowsTest::digest))
                    .doesNotContainAnyElementsOf(heldOut);
        }
        assertThat(heldOut).hasSizeGreaterThan(100_000);
    }

    @Test
    void shouldDrawWindowsInsideOneDocumentWithReplacementWhenRandom() {
        // When
        Calibration calibration = draw(new CalibrationSpec("random", null, 64, 128, 0L));

        // Then: 26 pieces of one book, so that a piece comes again
        List<int[]> pieces =
                TextDocuments.read(ROOT.resolve("reference-model/texts/calibration-text.jsonl.gz")).stream()
                        .map(document -> encode(document.text()))
                        .toList();
        assertThat(calibration.documents()).hasSizeBetween(15, 26);
        assertThat(List.of(calibration.windows().ids()))
                .allSatisfy(window -> assertThat(pieces).anyMatch(piece -> contains(piece, window)));
    }

    @Test
    void shouldBeHalfProseAndHalfCodeWhenMixed() {
        // When
        int[][] mixed = windows(new CalibrationSpec("mixed", null, 9, 128, 5L)).ids();

        // Then
        assertThat(Arrays.copyOf(mixed, 4))
                .isDeepEqualTo(
                        windows(new CalibrationSpec("random", null, 4, 128, 5L)).ids());
        assertThat(Arrays.copyOfRange(mixed, 4, 9))
                .isDeepEqualTo(
                        windows(new CalibrationSpec("code", null, 5, 128, 5L)).ids());
    }

    @Test
    void shouldJoinDocumentsWithBosAndEosWhenTheyAreShorterThanAWindow() throws IOException {
        // Given
        write("own.jsonl", "{\"text\": \"def f(x):\\n    return x\\n\"}\n");
        int[] ids = encode("def f(x):\n    return x\n");

        // When
        TokenWindows windows = windows(file("own.jsonl", 1, ids.length + 1));

        // Then
        int[] whole = Arrays.copyOf(ids, ids.length + 1);
        whole[ids.length] = 1;
        assertThat(windows.ids()[0]).isEqualTo(whole);
    }

    @Test
    void shouldTakeTheFirstTokensOfEachDocumentWhenEnoughAreLonger() throws IOException {
        // Given: three long documents and a short one
        StringBuilder lines = new StringBuilder("{\"text\": \"short\"}\n");
        for (String begin : List.of("Blue. ", "Green. ", "Red. ")) {
            lines.append("{\"text\": \"").append(begin).append(PROSE.repeat(4)).append("\"}\n");
        }
        write("own.jsonl", lines.toString());

        // When
        Calibration calibration = draw(file("own.jsonl", 3, 32));

        // Then
        assertThat(List.of(calibration.windows().ids()))
                .containsExactlyInAnyOrder(
                        Arrays.copyOf(encode("Blue. " + PROSE.repeat(4)), 32),
                        Arrays.copyOf(encode("Green. " + PROSE.repeat(4)), 32),
                        Arrays.copyOf(encode("Red. " + PROSE.repeat(4)), 32));
        assertThat(calibration.documents())
                .extracting(TextDocument::name)
                .containsExactlyInAnyOrder("own.jsonl:2", "own.jsonl:3", "own.jsonl:4");
    }

    @Test
    void shouldReadTheSourceFilesOfAFolderWhenPathIsOne() throws IOException {
        // Given
        write("src/b/Main.java", "class Main {}\n");
        write("src/a.py", "x = 1\n");
        write("src/.git/config.py", "hidden\n");
        write("src/empty.py", "\n");
        Files.write(directory.resolve("src/logo.png"), new byte[] {0, 1, 2});

        // Then
        assertThat(TextDocuments.read(directory.resolve("src")))
                .containsExactly(
                        new TextDocument("a.py", "x = 1\n"), new TextDocument("b/Main.java", "class Main {}\n"));
    }

    @Test
    void shouldNameTheFileWhenASourceFileIsNoText() throws IOException {
        write("latin/a.py", "x = 1\n");
        Files.write(directory.resolve("latin/b.py"), "é".getBytes(StandardCharsets.ISO_8859_1));
        write("binary/a.py", "a\0b");
        write("none/readme.doc", "x");

        assertRefused("latin", "latin/b.py: not UTF-8 text");
        assertRefused("binary", "binary/a.py: is binary, it holds a zero byte; allowed: UTF-8 text");
        assertRefused(
                "none",
                "none: has no source files; read are the extensions c, cc, cpp, cs, go, h, hpp, java, js, jsx, kt, lua, md, php, pl,"
                        + " py, r, rb, rs, rst, scala, sh, sql, swift, ts, tsx, txt");
    }

    @Test
    void shouldHashExactlyTheIds() {
        // The digest of "1 2\n3 4\n", by sha256sum
        assertThat(new TokenWindows(new int[][] {{1, 2}, {3, 4}}).digest())
                .isEqualTo("871d6e7f463a42c5573203c50db6e52da506d5395af73e09237410dec5eff856");
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
        write("empty.jsonl.gz", "");
        write("other.jsonl", "{\"text\": \"x\"}\n{\"content\": \"x\"}\n");
        write("broken.jsonl", "{\"text\": \"x\"}\n\n{\"text\": \n");
        write("behind.jsonl", "{\"text\": \"x\"} x\n");
        write("plain.jsonl.gz", "{\"text\": \"x\"}\n");
        Files.write(directory.resolve("latin.jsonl"), "{\"text\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"text\": \"x\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(directory.resolve("cut.jsonl.gz"), Arrays.copyOf(packed.toByteArray(), packed.size() - 9));

        assertRefused(
                "absent.jsonl",
                "absent.jsonl: no such file; allowed: a JSONL file with a text field, or a folder of source files");
        assertRefused("empty.jsonl", "empty.jsonl: is empty; allowed: a JSONL file with a text field");
        assertRefused("empty.jsonl.gz", "empty.jsonl.gz: is empty; allowed: a JSONL file with a text field");
        assertRefused("other.jsonl", "other.jsonl:2: has no text field; allowed: JSON objects with one");
        assertRefused("broken.jsonl", "broken.jsonl:3: not JSON; allowed: a JSON object a line, with a text field");
        assertRefused("behind.jsonl", "behind.jsonl:1: not JSON; allowed: a JSON object a line, with a text field");
        assertRefused(
                "plain.jsonl.gz", "plain.jsonl.gz: not packed with gzip, though its name ends in .gz, or damaged");
        assertRefused("latin.jsonl", "latin.jsonl: not UTF-8 text");
        assertRefused("cut.jsonl.gz", "cut.jsonl.gz: is cut short: its packed data ends early");
    }

    @Test
    void shouldRefuseWindowsLongerThanTheContext() {
        assertThatThrownBy(() -> windows(new CalibrationSpec("code", null, 1, 2000, 0L)))
                .hasMessageStartingWith("calibration.length is 2000; allowed: up to 1024, the longest sequence of ");
    }

    private static boolean contains(int[] piece, int[] window) {
        for (int from = 0; from + window.length <= piece.length; from++) {
            if (Arrays.equals(piece, from, from + window.length, window, 0, window.length)) {
                return true;
            }
        }
        return false;
    }

    private static String digest(int[] ids) {
        return new TokenWindows(new int[][] {ids}).digest();
    }

    private static List<TextDocument> heldOut() {
        return Stream.of("heldout-code", "heldout-text")
                .flatMap(name ->
                        TextDocuments.read(ROOT.resolve("reference-model/texts/" + name + ".jsonl.gz")).stream())
                .toList();
    }

    private static int[] encode(String text) {
        return TOKENIZER.encode(text);
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
        return draw(spec).windows();
    }

    private Calibration draw(CalibrationSpec spec) {
        return new CalibrationWindows(ROOT).draw(spec, checkpoint);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
