package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * The token windows that a method looked at.
 *
 * @param label the set, or the file's name
 * @param sequences windows
 * @param length tokens of a window
 * @param seed they were drawn with
 * @param bos token that stands in front of every document, {@code null} where the checkpoint's tokenizer puts none
 * @param documents that the windows were cut from
 * @param digest of exactly the windows' token ids
 * @param overlap of the documents with each benchmark that was looked at
 */
@JsonPropertyOrder({"label", "sequences", "length", "seed", "bos", "documents", "digest", "overlap"})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record CalibrationProvenance(
        @JsonProperty(value = "label", required = true) String label,
        @JsonProperty(value = "sequences", required = true) int sequences,
        @JsonProperty(value = "length", required = true) int length,
        @JsonProperty(value = "seed", required = true) long seed,
        @JsonProperty("bos") Integer bos,
        @JsonProperty(value = "documents", required = true) int documents,
        @JsonProperty(value = "digest", required = true) String digest,

        @JsonProperty(value = "overlap", required = true) List<BenchmarkOverlap> overlap) {
    public CalibrationProvenance {
        overlap = List.copyOf(overlap);
    }
}
