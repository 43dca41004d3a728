package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What making an evaluation's samples took beside time, when they were made. A value that was not measured for every one of them is null,
 * never zero.
 *
 * @param gpuJoules of the GPU that generated, its idle power included
 * @param cpuJoules of the processors' packages while generating, whatever else ran on them
 * @param joulesPer1000Tokens of what was measured, over the tokens generated
 * @param gramsCo2e of what was measured, at {@code gridIntensity}
 * @param gridIntensity grams of CO2 equivalents a kWh, as configured; null where it is not
 * @param gridSource who says so
 * @param peakHostBytes the most resident memory of the process that generated
 * @param peakDeviceBytes the most memory in use on its GPU, by whomever
 * @param measuredBy how joules were measured, or why not
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record GenerationCost(
        @JsonProperty("gpuJoules") Double gpuJoules,
        @JsonProperty("cpuJoules") Double cpuJoules,
        @JsonProperty("joulesPer1000Tokens") Double joulesPer1000Tokens,
        @JsonProperty("gramsCo2e") Double gramsCo2e,
        @JsonProperty("gridIntensity") Double gridIntensity,
        @JsonProperty("gridSource") String gridSource,
        @JsonProperty("peakHostBytes") Long peakHostBytes,
        @JsonProperty("peakDeviceBytes") Long peakDeviceBytes,
        @JsonProperty(value = "measuredBy", required = true) String measuredBy) {
    private static final double JOULES_PER_KWH = 3.6e6;
    private static final double TOKENS = 1000;

    /**
     * Derives the figures per token and of CO2e from joules.
     *
     * @param tokens that the joules were spent on
     */
    public static GenerationCost of(
            Double gpuJoules,
            Double cpuJoules,
            long tokens,
            Double gridIntensity,
            String gridSource,
            Long peakHostBytes,
            Long peakDeviceBytes,
            String measuredBy) {
        Double joules = gpuJoules == null && cpuJoules == null ? null : orZero(gpuJoules) + orZero(cpuJoules);
        return new GenerationCost(
                gpuJoules,
                cpuJoules,
                joules == null || tokens == 0 ? null : joules / tokens * TOKENS,
                joules == null || gridIntensity == null ? null : joules / JOULES_PER_KWH * gridIntensity,
                gridIntensity,
                gridSource,
                peakHostBytes,
                peakDeviceBytes,
                measuredBy);
    }

    private static double orZero(Double value) {
        return value == null ? 0 : value;
    }
}
