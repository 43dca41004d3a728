package dev.fewbit.evaluator.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** No loops: the test itself does their steps. */
public class Quiet implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("fewbit.evaluator.background", "false", "fewbit.evaluator.fault-attempts", "3");
    }
}
