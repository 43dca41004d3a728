package dev.fewbit.quantizer.work;

/**
 * What is being worked on.
 *
 * @param stage of the work, one word for a person: {@code layers}, {@code training}, {@code fidelity}
 * @param current what in it, such as {@code layer 3 of 5, mlp.down_proj}
 * @param linears of the decoder that are finished
 * @param total linears of the decoder
 * @param share of the stage that is finished, 0 to 1
 */
public record WorkStep(String stage, String current, int linears, int total, double share) {
    public WorkStep {
        // Written so that NaN fails it.
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + ": 0 to 1");
        }
    }
}
