package dev.fewbit.quantizer.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;

/** A plan as text. */
public final class PlanText {
    private static final double GIGA = 1e9;
    private static final JsonMapper JSON = new JsonMapper();

    private PlanText() {}

    /** Several lines for a terminal, the last one ended. */
    public static String table(CheckpointPlan plan) {
        StringBuilder text = new StringBuilder();
        ServingNeeds serving = plan.serving();
        line(text, "checkpoint", plan.checkpoint());
        line(text, "architecture", plan.architecture());
        line(text, "parameters", String.format(Locale.ROOT, "%,d", plan.parameters()));
        line(
                text,
                "recipe",
                String.format(
                        Locale.ROOT,
                        "%s, %d bits, block %d",
                        plan.recipe().method(),
                        plan.recipe().bits(),
                        plan.recipe().blockSize()));
        line(text, "stored", gigabytes(plan.sizes().storedBytes()) + study(plan));
        line(
                text,
                "resident",
                gigabytes(plan.sizes().residentBytes()) + "  " + plan.sizes().residentAs());
        line(
                text,
                "ideal",
                gigabytes(plan.sizes().idealBytes()) + "  codes, scales and zero points at their nominal widths");
        line(
                text,
                "quantizing",
                gigabytes(plan.quantizing().peakBytes()) + "  memory at the peak, estimated; mapped files aside"
                        + streams(plan));
        line(text, "", gigabytes(plan.quantizing().diskBytes()) + "  disk beside the checkpoint");
        line(
                text,
                "serving",
                gigabytes(serving.totalBytes())
                        + String.format(
                                Locale.ROOT,
                                "  memory at %d slots x %d: weights %.2f, cache %.2f, workspace %.2f (estimated)",
                                serving.slots(),
                                serving.length(),
                                serving.weightsBytes() / GIGA,
                                serving.cacheBytes() / GIGA,
                                serving.workspaceBytes() / GIGA));
        return text.toString();
    }

    /** One JSON object, the line ended. */
    public static String json(CheckpointPlan plan) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan is always JSON", e);
        }
    }

    private static String streams(CheckpointPlan plan) {
        long bytes = plan.quantizing().streamBytes();
        return bytes == 0
                ? ""
                : String.format(Locale.ROOT, "; %.2f GB of it may lie in files (--memory)", bytes / GIGA);
    }

    private static String study(CheckpointPlan plan) {
        return plan.studyGigabytes() == null
                ? ""
                : String.format(Locale.ROOT, "  the study's file at this width: %.2f GB", plan.studyGigabytes());
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%8.2f GB", bytes / GIGA);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-13s%s\n", name, value));
    }
}
