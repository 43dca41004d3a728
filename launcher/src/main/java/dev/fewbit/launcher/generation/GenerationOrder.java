package dev.fewbit.launcher.generation;

import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.generation.EngineOptions;
import java.nio.file.Path;

/**
 * What to generate.
 *
 * @param artifact its directory
 * @param benchmark its name
 * @param problems the first so many of the benchmark; {@code null}: all
 * @param samples a problem (n)
 * @param decoding how completions are drawn, nothing left open
 * @param out the sample file; beside it lies its provenance, {@code OUT.provenance.json}
 * @param engine how the engine runs
 */
public record GenerationOrder(
        Path artifact,
        String benchmark,
        Integer problems,
        int samples,
        DecodingSpec decoding,
        Path out,
        EngineOptions engine) {

    /** Where the file's provenance is. */
    public Path provenance() {
        return out.resolveSibling(out.getFileName() + ".provenance.json");
    }
}
