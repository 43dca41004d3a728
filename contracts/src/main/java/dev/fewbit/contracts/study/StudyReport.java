package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * {@code report.json}.
 *
 * @param study its name
 * @param sentence what the table means, in one sentence
 * @param cells the grid, by language and falling width
 * @param provenance specification, digests, versions, device, time
 */
public record StudyReport(
        @JsonProperty(value = "study", required = true) String study,
        @JsonProperty(value = "sentence", required = true) String sentence,
        @JsonProperty(value = "cells", required = true) List<ReportCell> cells,
        @JsonProperty(value = "provenance", required = true) Map<String, Object> provenance) {}
