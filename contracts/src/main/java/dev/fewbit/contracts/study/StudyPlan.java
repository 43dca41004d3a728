package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What {@code POST /api/v1/studies?dryRun=true} answers. */
public record StudyPlan(
        @JsonProperty(value = "study", required = true) String study,
        @JsonProperty(value = "artifacts", required = true) int artifacts,
        @JsonProperty(value = "cells", required = true) List<PlannedCell> cells) {}
