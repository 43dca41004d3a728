package dev.fewbit.quantizer.overlap;

import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.calibration.TextDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which benchmarks calibration text is compared with, and whether it may have anything in common with them.
 *
 * @param data folder with a folder for each benchmark beside the reference model's own, {@code null}: that one alone
 * @param forbidden a shared sequence is refused
 */
public record Decontamination(Path data, boolean forbidden) {
    /** The reference model's benchmark is looked at, and what is found is reported. */
    public static final Decontamination REPORTED = new Decontamination(null, false);

    /**
     * The overlap with every benchmark.
     *
     * @param root the installation's
     * @throws QuantizationException when there is overlap and it is forbidden, or a benchmark cannot be read
     */
    public List<BenchmarkOverlap> check(Path root, List<TextDocument> documents) {
        OverlapSearch search = new OverlapSearch(documents);
        List<BenchmarkOverlap> overlaps = Stream.concat(
                        BenchmarkText.reference(root),
                        data == null ? Stream.empty() : BenchmarkText.below(data).stream())
                .map(search::with)
                .toList();
        for (BenchmarkOverlap overlap : overlaps) {
            if (forbidden && overlap.sharedProblems() > 0) {
                throw new QuantizationException(
                        "calibration text overlaps with benchmark %s: %d of its %d documents and %d of %d problems share ten words, such as %s"
                                .formatted(
                                        overlap.benchmark(),
                                        overlap.sharedDocuments(),
                                        documents.size(),
                                        overlap.sharedProblems(),
                                        overlap.problems(),
                                        overlap.example()));
            }
        }
        return overlaps;
    }
}
