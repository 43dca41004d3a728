package dev.fewbit.benchmark.metric;

/**
 * The unbiased estimator of pass@k for one problem, {@code 1 - C(n - c, k) / C(n, k)}: the chance that k of its n samples,
 * drawn without replacement, hold at least one of the c that passed.
 *
 * @see <a href="https://arxiv.org/abs/2107.03374">Chen et al., Evaluating Large Language Models Trained on Code, eq. 1</a>
 */
public final class PassAtK {
    private PassAtK() {}

    /**
     * @param n samples, at least 1
     * @param c of them that passed, 0 to n
     * @param k drawn, 1 to n
     */
    public static double estimate(int n, int c, int k) {
        if (n < 1 || c < 0 || c > n || k < 1 || k > n) {
            throw new IllegalArgumentException("n is " + n + ", c is " + c + ", k is " + k
                    + "; allowed: n at least 1, c from 0 to n, k from 1 to n");
        }
        if (k == 1) {
            // c / n to the last bit; the product below may differ in it
            return (double) c / n;
        }
        if (n - c < k) {
            return 1;
        }
        // C(n-c, k) / C(n, k) as a product of factors in (0, 1]: no large binomials, no cancellation
        double allFail = 1;
        for (int i = n - c + 1; i <= n; i++) {
            allFail *= 1 - (double) k / i;
        }
        return 1 - allFail;
    }
}
