package dev.fewbit.quantizer.inspection;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.Locale;

/** A manifest as text for a terminal. */
public final class ArtifactTable {
    private static final int DIGEST_SHOWN = 12;

    /** Several lines, the last one ended. */
    public String render(ArtifactManifest manifest) {
        StringBuilder text = new StringBuilder();
        ArtifactSizes sizes = manifest.sizes();
        ArtifactProvenance provenance = manifest.provenance();
        line(text, "recipe", describe(manifest.recipe()));
        line(text, "architecture", manifest.architecture());
        line(text, "stored", bytes(sizes.storedBytes()) + "  model.onnx and weights.bin");
        line(text, "resident", bytes(sizes.residentBytes()) + "  " + sizes.residentAs());
        line(text, "ideal", bytes(sizes.idealBytes()) + "  codes, scales and zero points at their nominal widths");
        line(
                text,
                "linears",
                bytes(sizes.linearStoredBytes())
                        + String.format(Locale.ROOT, "  %.3f bits a weight, stored", sizes.bitsPerWeight()));
        line(text, "checkpoint", shortened(provenance.checkpointDigest()));
        line(
                text,
                "calibration",
                provenance.calibrationDigest() == null
                        ? "none"
                        : manifest.recipe().calibratedOn() + ", windows " + shortened(provenance.calibrationDigest()));
        line(text, "made by", "fewbit " + provenance.toolVersion() + " on " + provenance.deviceClass());
        if (manifest.fidelity() != null && manifest.fidelity().code() != null) {
            line(text, "fidelity", describe(manifest.fidelity().code()));
        }
        if (!manifest.layers().isEmpty()) {
            layers(text, manifest);
        }
        return text.toString();
    }

    private static void layers(StringBuilder text, ArtifactManifest manifest) {
        int width = manifest.layers().stream()
                .mapToInt(l -> l.name().length())
                .max()
                .orElse(0);
        String row = "%-" + width + "s  %4s  %14s%n";
        text.append('\n').append(String.format(Locale.ROOT, row, "linear", "bits", "relative error"));
        for (LayerError layer : manifest.layers()) {
            String error = String.format(Locale.ROOT, "%.5f", layer.relativeError());
            text.append(String.format(Locale.ROOT, row, layer.name(), layer.bits(), error));
        }
    }

    private static String describe(Recipe recipe) {
        return recipe.method() == Method.NONE
                ? "16 bits, not quantized"
                : recipe.bits() + " bits, " + recipe.method() + ", block " + recipe.blockSize() + ", "
                        + (recipe.symmetric() ? "symmetric" : "asymmetric");
    }

    private static String describe(TextFidelity code) {
        return String.format(
                Locale.ROOT,
                "on code: KL %.5f (99 %%: %.4f), same top token %.4f, perplexity %.4f (16 bits: %.4f), %,d tokens",
                code.klMean(),
                code.klP99(),
                code.top1Agreement(),
                code.perplexity(),
                code.referencePerplexity(),
                code.tokens());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-13s%s%n", name, value));
    }

    private static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,15d bytes", bytes);
    }

    private static String shortened(String digest) {
        return digest.length() <= DIGEST_SHOWN ? digest : digest.substring(0, DIGEST_SHOWN) + "…";
    }
}
