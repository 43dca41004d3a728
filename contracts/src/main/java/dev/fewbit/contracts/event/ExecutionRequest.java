package dev.fewbit.contracts.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.execution.Content;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.util.UUID;

/**
 * Execute a program with its tests.
 *
 * @param executionId digest of all that decides the verdict: language, program, tests, limits, toolchain, judge version
 * @param attempt counts the times it was asked for, from 1
 * @param language of the program
 * @param program the text before the tests: prompt and completion
 * @param tests appended to the program after a newline; {@code null} where the program is complete
 * @param limits it gets
 */
public record ExecutionRequest(
        @JsonProperty(value = "schemaVersion", required = true)
        int schemaVersion,

        @JsonProperty(value = "eventId", required = true) UUID eventId,
        @JsonProperty(value = "team", required = true) String team,

        @JsonProperty(value = "executionId", required = true)
        String executionId,

        @JsonProperty(value = "attempt", required = true) int attempt,
        @JsonProperty(value = "language", required = true) ProgramLanguage language,
        @JsonProperty(value = "program", required = true) Content program,
        @JsonProperty("tests") Content tests,
        @JsonProperty(value = "limits", required = true) ExecutionLimits limits)
        implements Event {}
