package dev.fewbit.benchmark.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import java.util.ArrayList;
import java.util.List;

/**
 * MultiPL-E's samples bring prompt, tests and stop tokens with them, and its harness runs those: a completion continues the prompt that it
 * was generated from, which in another revision of the benchmark may be another.
 */
final class OwnTexts {
    private OwnTexts() {}

    /** {@code problem} with what {@code record} has of its own. */
    static Problem of(Problem problem, JsonNode record) {
        if (!(problem.tests() instanceof Tests.Script script)) {
            return problem;
        }
        List<String> stops = problem.stopTokens();
        if (record.path("stop_tokens").isArray()) {
            List<String> own = new ArrayList<>();
            record.get("stop_tokens").forEach(token -> own.add(token.asText()));
            stops = own;
        }
        return new Problem(
                problem.name(),
                record.path("prompt").isTextual() ? record.get("prompt").textValue() : problem.prompt(),
                stops,
                record.path("tests").isTextual()
                        ? new Tests.Script(record.get("tests").textValue())
                        : script,
                problem.canonicalSolution(),
                problem.fields());
    }

    /** The text that follows a program of {@code problem} in MultiPL-E's results. */
    static String tests(Problem problem) {
        return problem.tests() instanceof Tests.Script script ? script.text() : "";
    }
}
