package dev.fewbit.evaluator.energy;

/**
 * What was used between two readings. Null: not measured.
 *
 * @param gpuJoules of the GPU
 * @param cpuJoules of the processors
 * @param peakHostBytes the most resident memory of this process seen
 * @param peakDeviceBytes the most memory in use on the GPU seen
 */
public record ResourceUse(Double gpuJoules, Double cpuJoules, Long peakHostBytes, Long peakDeviceBytes) {
    /** Nothing measured. */
    public static final ResourceUse UNKNOWN = new ResourceUse(null, null, null, null);
}
