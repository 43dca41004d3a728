package dev.fewbit.quantizer;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.DecoderSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tiny checkpoints of all architectures, which lie in the checkout, and texts of as many letters as they have tokens. */
public final class ArchitectureFixtures {
    public static final Path DIRECTORY = Path.of(
            System.getProperty("fewbit.root"),
            "model-runtime/src/test/resources/dev/fewbit/model/transformers/architectures");
    /** Of a file that {@link #writeLetters} writes. */
    public static final CalibrationSpec LETTERS = new CalibrationSpec(null, "letters.jsonl", 16, 48, 0L);

    /** Another file that it writes: no document of the one is in the other. */
    public static final String HELD_OUT = "held-out.jsonl";

    private static final int VOCABULARY = 80;

    private ArchitectureFixtures() {}

    public static List<String> names() {
        try (Stream<Path> entries = Files.list(DIRECTORY)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those whose decoders are wanted. */
    public static List<String> names(Predicate<DecoderSpec> wanted) {
        return names().stream()
                .filter(name -> wanted.test(config(name).decoder()))
                .toList();
    }

    public static ModelConfig config(String fixture) {
        return ModelConfig.read(DIRECTORY.resolve(fixture));
    }

    /** Writes both texts into a directory. */
    public static void writeLetters(Path directory) throws IOException {
        write(directory.resolve(LETTERS.file()), new Random(5));
        write(directory.resolve(HELD_OUT), new Random(6));
    }

    private static void write(Path file, Random random) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int document = 0; document < 20; document++) {
            String text = IntStream.generate(() -> random.nextInt(VOCABULARY))
                    .limit(60)
                    .mapToObj(ArchitectureFixtures::letter)
                    .collect(Collectors.joining());
            lines.append("{\"text\": \"").append(text).append("\"}\n");
        }
        Files.writeString(file, lines);
    }

    /** A copy of a fixture in a directory, with a tokenizer whose tokens are the letters. */
    public static Path withLetters(String fixture, Path directory) throws IOException {
        Path checkpoint = directory.resolve(fixture);
        if (!Files.exists(checkpoint)) {
            Files.createDirectory(checkpoint);
            try (Stream<Path> files = Files.list(DIRECTORY.resolve(fixture))) {
                for (Path file : files.toList()) {
                    Files.copy(file, checkpoint.resolve(file.getFileName()));
                }
            }
            String vocabulary = IntStream.range(0, VOCABULARY)
                    .mapToObj(token -> "\"" + letter(token) + "\": " + token)
                    .collect(Collectors.joining(", "));
            Path tokenizer = checkpoint.resolve("tokenizer.json");
            Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"a\": 0, \"b\": 1", vocabulary));
        }
        return checkpoint;
    }

    private static String letter(int token) {
        return Character.toString('\u0400' + token);
    }
}
