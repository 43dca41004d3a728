package dev.fewbit.quantizer.training;

/**
 * Adam with bias correction, without weight decay. At step {@code t}, counted from 1:
 *
 * <pre>
 * m = b1 m + (1 - b1) g     v = b2 v + (1 - b2) g^2
 * w -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 * </pre>
 *
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon added to the root
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2015</a>
 */
public record Adam(double beta1, double beta2, double epsilon) {

    /** The rule at one step. */
    Step at(int step) {
        return new Step(
                (float) beta1,
                (float) beta2,
                1 / (1 - StrictMath.pow(beta1, step)),
                1 / (1 - StrictMath.pow(beta2, step)),
                epsilon);
    }

    /**
     * The rule at one step.
     *
     * @param beta1 decay of the mean
     * @param beta2 decay of the mean square
     * @param meanFactor corrects the mean's bias
     * @param squareFactor corrects the mean square's bias
     * @param epsilon added to the root
     */
    public record Step(float beta1, float beta2, double meanFactor, double squareFactor, double epsilon) {

        /** Moves {@code values}; the two moments go along. */
        void move(float[] values, float[] gradient, float[] mean, float[] square, double rate) {
            for (int i = 0; i < values.length; i++) {
                mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
                square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
                values[i] -= (float) (rate * (mean[i] * meanFactor) / (Math.sqrt(square[i] * squareFactor) + epsilon));
            }
        }
    }
}
