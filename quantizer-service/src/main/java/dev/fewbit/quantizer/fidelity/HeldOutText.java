package dev.fewbit.quantizer.fidelity;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.matrix.Products;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The held-out text that comes with the reference model. */
public final class HeldOutText {
    private static final String CHECKPOINT = "reference-model/checkpoint";
    private static final String CODE = "reference-model/texts/heldout-code.jsonl.gz";

    private HeldOutText() {}

    /**
     * The code that {@code checkpoint} is measured on: empty when it is not the reference model, the installation has no such text, or
     * there is no matrix library for this kind of machine.
     *
     * @param root the installation's
     */
    public static Optional<Path> code(Path root, Checkpoint checkpoint) {
        Path text = root.resolve(CODE);
        Path reference = root.resolve(CHECKPOINT);
        if (!Products.isAvailable() || !Files.isRegularFile(text) || !Files.isDirectory(reference)) {
            return Optional.empty();
        }
        try (Checkpoint opened = Checkpoint.open(reference)) {
            return opened.digest().equals(checkpoint.digest()) ? Optional.of(text) : Optional.empty();
        }
    }
}
