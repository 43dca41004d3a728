package dev.fewbit.evaluator.execution;

import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.event.EvaluationRequest;

/** The harness of an evaluation that is prepared, whose benchmark is known therefore. */
public final class EvaluationHarness {
    private EvaluationHarness() {}

    /** What puts its programs together and says how they are judged. */
    public static Harness of(EvaluationRequest request) {
        try {
            return Harness.of(request.benchmark());
        } catch (InvalidBenchmarkException e) {
            throw new IllegalStateException(
                    "evaluation " + request.evaluationId() + " was prepared without a benchmark", e);
        }
    }
}
