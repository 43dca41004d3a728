package dev.fewbit.evaluator.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** All loops, with short waits. */
public class Busy implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "fewbit.evaluator.openai.attempts", "2",
                "fewbit.evaluator.openai.back-off", "10ms",
                "fewbit.evaluator.openai.pause", "50ms",
                "fewbit.evaluator.poll", "20ms",
                "fewbit.evaluator.progress-every", "50ms",
                "fewbit.evaluator.heartbeat", "200ms",
                "fewbit.evaluator.resend-after", "600ms",
                "fewbit.evaluator.fault-back-off", "20ms",
                "fewbit.evaluator.fault-attempts", "3",
                "fewbit.evaluator.unit-problems", "4");
    }
}
