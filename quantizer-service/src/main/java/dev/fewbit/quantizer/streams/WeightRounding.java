package dev.fewbit.quantizer.streams;

/** Rounds weights where windows are computed. */
@FunctionalInterface
public interface WeightRounding {
    /** Of a refit of scales, on the processor too: what the diagonal of a row's system gains, as a share of its mean. */
    double RIDGE = 1e-6;

    /** A row keeps its scales where one of the refitted is not more than this share of what it was. */
    double LEAST = 0.2;

    /** A row keeps its scales where one of the refitted is not less than so many times what it was. */
    double MOST = 5;

    /**
     * Rounds a weight.
     *
     * @param codes filled; a scale that fp16 cannot hold is infinite
     */
    void round(RoundingTask task, GridCodes codes);
}
