package dev.fewbit.model.decoder;

import java.util.Optional;

/**
 * A norm over the last axis: {@code normed * (offset + gain) + bias}.
 *
 * @param kind what {@code normed} is
 * @param weight name of the gains {@code [width]}
 * @param bias name of the bias {@code [width]}, where it has one
 * @param width of the last axis
 * @param epsilon added to the mean square or the variance
 * @param offset added to the stored gains: 0, or 1 in Gemma
 */
public record NormSpec(NormKind kind, String weight, Optional<String> bias, int width, double epsilon, double offset) {}
