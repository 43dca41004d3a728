package dev.fewbit.evaluator.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The 95 % interval of pass@1 over problems: percentile bootstrap that resamples problems with all their samples (10,000
 * resamples, fixed seed, so the same counts give the same interval). Where its ends do not lie on both sides of the estimate, as
 * when all problems have the same count, Wilson's score interval with a problem as the unit stands in, so that a width
 * of zero never claims a certainty that a handful of problems cannot give.
 */
public final class ProblemBootstrap {
    private static final int RESAMPLES = 10_000;
    private static final long SEED = 20_250_307L;
    /** Nearest ranks, from 0, of the 2.5 % and 97.5 % quantiles of that many. */
    private static final int LOW_RANK = 249;

    private static final int HIGH_RANK = 9_749;
    /** The normal distribution's 97.5 % quantile. */
    private static final double Z = 1.959963984540054;

    private ProblemBootstrap() {}

    /**
     * @param passed samples that passed, a problem each; at least one problem
     * @param samples a problem (n)
     */
    public static Interval interval(int[] passed, int samples) {
        if (passed.length == 0 || samples < 1) {
            throw new IllegalArgumentException(
                    "an interval needs a problem and a sample; there are " + passed.length + " and " + samples);
        }
        double all = (double) passed.length * samples;
        double estimate = Arrays.stream(passed).asLongStream().sum() / all;
        long[] sums = resampledSums(passed);
        Interval bootstrap = new Interval(sums[LOW_RANK] / all, sums[HIGH_RANK] / all);
        return bootstrap.holdsInside(estimate) ? bootstrap : wilson(estimate, passed.length);
    }

    /** Whole numbers until the end: the sums, and so the interval, do not depend on an order of addition. */
    private static long[] resampledSums(int[] passed) {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] sums = new long[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            long sum = 0;
            for (int i = 0; i < passed.length; i++) {
                sum += passed[random.nextInt(passed.length)];
            }
            sums[r] = sum;
        }
        Arrays.sort(sums);
        return sums;
    }

    /** Wilson's score interval for a proportion {@code p} of {@code n} units. */
    static Interval wilson(double p, int n) {
        double z2 = Z * Z;
        double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z / (1 + z2 / n) * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
        // at p = 0 and p = 1 an end is p itself; rounding must not push it across
        return new Interval(p == 0 ? 0 : Math.max(0, centre - half), p == 1 ? 1 : Math.min(1, centre + half));
    }
}
