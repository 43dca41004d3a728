package dev.fewbit.benchmark.sample;

import java.util.List;

/**
 * What a file or folder held.
 *
 * @param format of all of it
 * @param samples in the order of the problems as they were first met, and of the file; at least one
 * @param ownTexts problems whose prompt or tests the samples bring themselves and which differ from the benchmark's
 */
public record Samples(SampleFormat format, List<Sample> samples, int ownTexts) {
    public Samples {
        samples = List.copyOf(samples);
    }
}
