package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A study as the API shows it. Also the data of each event of {@code /events}.
 *
 * @param id of the study
 * @param team it belongs to
 * @param name as written
 * @param digest of its specification: equal studies have equal digests
 * @param state where it stands
 * @param createdAt when it was submitted
 * @param finishedAt when it ended, {@code null} before
 * @param cells of its grid
 * @param cellsDone evaluated
 * @param progress a row a stage
 * @param failure one line for a person, {@code null} unless it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StudyView(
        @JsonProperty(value = "id", required = true) UUID id,
        @JsonProperty(value = "team", required = true) String team,
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "digest", required = true) String digest,
        @JsonProperty(value = "state", required = true) StudyState state,
        @JsonProperty(value = "createdAt", required = true) Instant createdAt,
        @JsonProperty("finishedAt") Instant finishedAt,
        @JsonProperty(value = "cells", required = true) int cells,
        @JsonProperty(value = "cellsDone", required = true) int cellsDone,
        @JsonProperty(value = "progress", required = true) List<StageProgress> progress,
        @JsonProperty("failure") String failure) {}
