package dev.fewbit.quantizer.fidelity;

import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.calibration.TextDocument;
import dev.fewbit.quantizer.matrix.Products;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The texts that an artifact is compared with the 16-bit model on, by their keys in a manifest's {@code fidelity}.
 *
 * @param byKey {@code code}, {@code text} or both; empty: fidelity is not measured
 */
public record HeldOutTexts(Map<String, HeldOutText> byKey) {
    /** Key of held-out code. */
    public static final String CODE = "code";

    /** Key of held-out prose. */
    public static final String TEXT = "text";

    /** No text. */
    public static final HeldOutTexts NONE = new HeldOutTexts(Map.of());

    private static final String REFERENCE = "reference-model/checkpoint";
    private static final Map<String, String> REFERENCE_TEXTS = Map.of(
            CODE, "reference-model/texts/heldout-code.jsonl.gz", TEXT, "reference-model/texts/heldout-text.jsonl.gz");

    /**
     * The texts that {@code spec} names. Where it is {@code null}, those that come with the reference model for the reference model, and
     * none for others or where there is no matrix library for this kind of machine.
     *
     * @param root the installation's, where relative paths start
     * @throws QuantizationException when a text cannot be read, or is asked for where it cannot be measured
     */
    public static HeldOutTexts of(Path root, Checkpoint checkpoint, FidelitySpec spec) {
        Map<String, Path> files = spec == null ? ownTexts(root, checkpoint) : named(root, spec);
        if (files.isEmpty()) {
            return NONE;
        }
        if (!Products.isAvailable()) {
            throw new QuantizationException("fidelity is measured on Linux on x86-64 only; this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.directory())) {
            Map<String, HeldOutText> texts = new TreeMap<>();
            files.forEach((key, file) -> {
                HeldOutText text = HeldOutText.read(file, tokenizer, checkpoint.config());
                if (text.documents().isEmpty()) {
                    throw new QuantizationException(file + ": has no document of two tokens or more to measure on");
                }
                texts.put(key, text);
            });
            return new HeldOutTexts(texts);
        }
    }

    /** Digest of each text's token ids. */
    public Map<String, String> digests() {
        return byKey.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().digest(), (a, b) -> a, TreeMap::new));
    }

    /**
     * Makes sure that nothing is measured on what weights were fitted to.
     *
     * @throws QuantizationException when a document is in {@code calibration} too
     */
    public void requireDisjoint(Iterable<TextDocument> calibration) {
        Map<String, String> held = new TreeMap<>();
        byKey.forEach((key, text) -> text.documents()
                .forEach(document -> held.put(
                        document.digest(), "fidelity." + key + ": " + text.file() + ": document " + document.name())));
        for (TextDocument document : calibration) {
            String found = held.get(document.digest());
            if (found != null) {
                throw new QuantizationException(
                        found + " is also document " + document.name() + " of the calibration text; allowed: others");
            }
        }
    }

    private static Map<String, Path> named(Path root, FidelitySpec spec) {
        Map<String, Path> files = new TreeMap<>();
        if (spec.code() != null) {
            files.put(CODE, root.resolve(spec.code()));
        }
        if (spec.text() != null) {
            files.put(TEXT, root.resolve(spec.text()));
        }
        return files;
    }

    private static Map<String, Path> ownTexts(Path root, Checkpoint checkpoint) {
        Map<String, Path> files = new TreeMap<>();
        REFERENCE_TEXTS.forEach((key, file) -> {
            if (Files.isRegularFile(root.resolve(file))) {
                files.put(key, root.resolve(file));
            }
        });
        return !files.isEmpty() && Products.isAvailable() && isReference(root.resolve(REFERENCE), checkpoint)
                ? files
                : Map.of();
    }

    private static boolean isReference(Path reference, Checkpoint checkpoint) {
        if (!Files.isDirectory(reference)) {
            return false;
        }
        try {
            if (Files.isSameFile(reference, checkpoint.directory())) {
                return true;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Checkpoint opened = Checkpoint.open(reference)) {
            // Digests are read only where they may be equal.
            return opened.config().equals(checkpoint.config())
                    && opened.digest().equals(checkpoint.digest());
        }
    }
}
