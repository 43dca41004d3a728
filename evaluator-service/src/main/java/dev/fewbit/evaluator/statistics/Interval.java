package dev.fewbit.evaluator.statistics;

/**
 * An interval of a proportion.
 *
 * @param low at least 0
 * @param high at most 1
 */
public record Interval(double low, double high) {
    /** Whether {@code value} lies between the ends and on neither. */
    public boolean holdsInside(double value) {
        return low < value && value < high;
    }
}
