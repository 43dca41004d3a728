package dev.fewbit.launcher.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Verdict;

/**
 * What became of a trial; a line of the journal.
 *
 * @param id of the trial
 * @param verdict never an infrastructure fault in the journal
 * @param message first line of why, empty when it passed
 * @param cpuSeconds of the program's tree
 */
record Judged(
        @JsonProperty(value = "id", required = true) String id,
        @JsonProperty(value = "verdict", required = true) Verdict verdict,
        @JsonProperty(value = "message", required = true) String message,

        @JsonProperty(value = "cpuSeconds", required = true) double cpuSeconds) {}
