package dev.fewbit.quantizer.streams;

import dev.fewbit.quantizer.matrix.Matrix;
import java.util.List;

/**
 * How a weight is rounded: column by column with what is behind making good (GPTQ), then in rounds of refitted scales and descent over the
 * codes, rows having nothing to do with one another.
 *
 * @param target {@code [n, k]}, columns as stored
 * @param arranged the same with columns in the order of rounding
 * @param hessian {@code [k, k]}, damped, as stored
 * @param upper {@code U} of {@code H^-1 = U'U} in the order of rounding, {@code [k, k]}
 * @param conditionals {@code (U'U)^-1} of each block's triangle of {@code U}, in the order of rounding
 * @param columns stored column at each place
 * @param symmetric whether grids have no zero points of their own
 * @param fractions of a block's span that are tried, {@code [candidates][2]}; none for the whole span alone
 * @param together columns whose blocks get their grids at a time, at least one block
 * @param rounds of descent
 * @param refit whether scales are refitted, in each round and at last
 * @param passes of descent over the codes in a round
 */
public record RoundingTask(
        Matrix target,
        Matrix arranged,
        Matrix hessian,
        Matrix upper,
        List<float[]> conditionals,
        int[] columns,
        boolean symmetric,
        float[][] fractions,
        int together,
        int rounds,
        boolean refit,
        int passes) {}
