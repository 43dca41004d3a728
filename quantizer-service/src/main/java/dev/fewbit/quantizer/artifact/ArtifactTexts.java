package dev.fewbit.quantizer.artifact;

import dev.fewbit.quantizer.fidelity.BaselineStates;
import dev.fewbit.quantizer.overlap.Decontamination;
import java.nio.file.Path;

/**
 * The texts that have a part in artifacts.
 *
 * @param root the installation's, where texts for calibration and fidelity are found and relative paths start
 * @param decontamination what calibration text is compared with
 * @param baseline what the 16-bit models give on held-out texts
 */
public record ArtifactTexts(Path root, Decontamination decontamination, BaselineStates baseline) {
    private static final String CACHE = ".fewbit/cache";

    /** Those of an installation, overlap reported, the baseline kept below {@code .fewbit/cache} in it. */
    public static ArtifactTexts of(Path root) {
        return of(root, Decontamination.REPORTED);
    }

    /** As {@link #of(Path)}, compared with other benchmarks. */
    public static ArtifactTexts of(Path root, Decontamination decontamination) {
        return new ArtifactTexts(root, decontamination, new BaselineStates(root.resolve(CACHE)));
    }
}
