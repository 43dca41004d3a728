package dev.fewbit.quantizer.streams;

/** Rounds weights where windows are computed. */
@FunctionalInterface
public interface WeightRounding {

    /**
     * Rounds a weight.
     *
     * @param codes filled; a scale that fp16 cannot hold is infinite
     */
    void round(RoundingTask task, GridCodes codes);
}
