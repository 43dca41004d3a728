package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Method;

/**
 * A finished cell: pass@1 beside memory. The names are a contract with other tools.
 *
 * @param method a {@link Method}'s label, or of a served model what its study calls it, after {@code openai: }
 * @param storedBytes on disk
 * @param residentBytes as held when loaded; null where it is not known
 * @param idealBytes at nominal widths; null where it is not known
 * @param quantizeSeconds when the artifact was made; 0 of a served model
 * @param evaluateSeconds of work when the samples were made
 * @param reused artifact, samples and verdicts all existed before this study
 * @param stated bits and stored bytes are not measured but as the study states them: of a served model
 * @param cost energy and memory of generating its samples; null where they are older than its measurement
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ReportCell(
        @JsonProperty(value = "model", required = true) String model,
        @JsonProperty(value = "bits", required = true) int bits,
        @JsonProperty(value = "method", required = true) String method,
        @JsonProperty("calibration") String calibration,
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "benchmark", required = true) String benchmark,
        @JsonProperty(value = "problems", required = true) int problems,

        @JsonProperty(value = "samplesPerProblem", required = true)
        int samplesPerProblem,

        @JsonProperty(value = "passAt1", required = true) double passAt1,
        @JsonProperty(value = "passAt1Low", required = true) double passAt1Low,

        @JsonProperty(value = "passAt1High", required = true)
        double passAt1High,

        @JsonProperty(value = "storedBytes", required = true)
        long storedBytes,

        @JsonProperty("residentBytes") Long residentBytes,
        @JsonProperty("idealBytes") Long idealBytes,

        @JsonProperty(value = "quantizeSeconds", required = true)
        double quantizeSeconds,

        @JsonProperty(value = "evaluateSeconds", required = true)
        double evaluateSeconds,

        @JsonProperty(value = "reused", required = true) boolean reused,
        @JsonProperty("cost") GenerationCost cost,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonProperty("stated")
        boolean stated) {
    /** Of an artifact. */
    public ReportCell(
            String model,
            int bits,
            Method method,
            String calibration,
            ProgramLanguage language,
            String benchmark,
            int problems,
            int samplesPerProblem,
            double passAt1,
            double passAt1Low,
            double passAt1High,
            long storedBytes,
            Long residentBytes,
            Long idealBytes,
            double quantizeSeconds,
            double evaluateSeconds,
            boolean reused,
            GenerationCost cost) {
        this(
                model,
                bits,
                method.label(),
                calibration,
                language,
                benchmark,
                problems,
                samplesPerProblem,
                passAt1,
                passAt1Low,
                passAt1High,
                storedBytes,
                residentBytes,
                idealBytes,
                quantizeSeconds,
                evaluateSeconds,
                reused,
                cost,
                false);
    }

    /** Whether it is the 16-bit model that a study's artifacts are compared with: Fewbit's own, not one that is served. */
    public boolean baseline() {
        return method.equals(Method.NONE.label());
    }
}
