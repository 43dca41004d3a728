package dev.fewbit.quantizer.inspection;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.contracts.artifact.CalibrationProvenance;
import dev.fewbit.contracts.artifact.Fidelity;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.contracts.recipe.Clipping;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.WidthOverride;
import java.util.Locale;

/** A manifest as text for a terminal. */
public final class ArtifactTable {
    private static final int DIGEST_SHOWN = 12;
    private static final int PERCENT = 100;

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
        line(text, "calibration", describe(provenance.calibration()));
        if (provenance.calibration() != null) {
            provenance.calibration().overlap().forEach(overlap -> line(text, "overlap", describe(overlap)));
        }
        line(text, "made by", "fewbit " + provenance.toolVersion() + " on " + provenance.deviceClass());
        fidelity(text, manifest.fidelity());
        if (!manifest.layers().isEmpty()) {
            layers(text, manifest);
        }
        return text.toString();
    }

    private static void fidelity(StringBuilder text, Fidelity fidelity) {
        if (fidelity == null) {
            line(text, "fidelity", "not measured");
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%-8s  %9s  %9s  %14s  %10s  %10s  %8s%n",
                "fidelity",
                "KL mean",
                "KL 99 %",
                "same top token",
                "perplexity",
                "at 16 bits",
                "tokens"));
        row(text, "code", fidelity.code());
        row(text, "text", fidelity.text());
    }

    private static void row(StringBuilder text, String name, TextFidelity found) {
        if (found != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-8s  %9.5f  %9.4f  %12.2f %%  %10.4f  %10.4f  %,8d%n",
                    name,
                    found.klMean(),
                    found.klP99(),
                    PERCENT * found.top1Agreement(),
                    found.perplexity(),
                    found.referencePerplexity(),
                    found.tokens()));
        }
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
        if (recipe.method() == Method.NONE) {
            return "16 bits, not quantized";
        }
        StringBuilder described = new StringBuilder(recipe.bits() + " bits, " + recipe.method() + ", block "
                + recipe.blockSize() + ", " + (recipe.symmetric() ? "symmetric" : "asymmetric"));
        if (recipe.clipping() == Clipping.MSE) {
            described.append(", ranges of least squared error");
        }
        for (WidthOverride override : recipe.overrides()) {
            described
                    .append(", ")
                    .append(override.match())
                    .append(" ")
                    .append(override.bits())
                    .append(" bits");
        }
        return described.toString();
    }

    private static String describe(CalibrationProvenance calibration) {
        return calibration == null
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "%s, %d windows of %d tokens from %d documents, seed %d, BOS %s, %s",
                        calibration.label(),
                        calibration.sequences(),
                        calibration.length(),
                        calibration.documents(),
                        calibration.seed(),
                        calibration.bos() == null ? "none" : calibration.bos(),
                        shortened(calibration.digest()));
    }

    private static String describe(BenchmarkOverlap overlap) {
        return String.format(
                Locale.ROOT,
                "%s: %d of %d problems share ten words in a row with %d documents",
                overlap.benchmark(),
                overlap.sharedProblems(),
                overlap.problems(),
                overlap.sharedDocuments());
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
