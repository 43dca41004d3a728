package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Candidates;

/**
 * Draws a token as {@code transformers} does with its warpers in their order: logits over temperature, the {@code top_k}
 * largest (with those that equal the last of them), then the smallest set of likeliest tokens whose probability reaches
 * {@code top_p}, one at least. The draw takes one uniform number and walks down from the likeliest.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/main/src/transformers/generation/logits_process.py">
 *     logits_process.py</a>
 */
final class TokenSampler {
    private final DecodingParameters parameters;

    TokenSampler(DecodingParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * The token to go on with.
     *
     * @param uniform in [0, 1); not looked at when greedy
     */
    int sample(Candidates candidates, double uniform) {
        int[] ids = candidates.ids();
        if (parameters.temperature() == 0) {
            return ids[0];
        }
        double[] weights = weights(candidates.logits());
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        // A token stays while the likelier ones together have not reached top_p.
        double reached = 0;
        int kept = 0;
        while (kept < weights.length && (kept == 0 || reached < parameters.topP() * total)) {
            reached += weights[kept++];
        }
        double left = uniform * reached;
        for (int i = 0; i < kept - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return ids[i];
            }
        }
        return ids[kept - 1];
    }

    /** Unnormalized probabilities of the top_k, the likeliest first. */
    private double[] weights(float[] logits) {
        int k = Math.min(parameters.topK(), logits.length);
        while (k < logits.length && logits[k] == logits[k - 1]) {
            k++;
        }
        double[] weights = new double[k];
        for (int i = 0; i < k; i++) {
            weights[i] = Math.exp((logits[i] - (double) logits[0]) / parameters.temperature());
        }
        return weights;
    }
}
