package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArtifactIndexKeyTest {
    @Test
    void shouldNotTakeAnArtifactOfOneDeviceForThatOfAnother() {
        assertThat(key("cpu-cooperlake")).isEqualTo(key("cpu-cooperlake"));
        assertThat(key("cpu-cooperlake"))
                .isNotEqualTo(key("cpu-cooperlake+cuda-h100-80gb-hbm3"))
                .contains("\"deviceClass\":\"cpu-cooperlake\"");
        assertThat(key("cpu-cooperlake+cuda-a100-sxm4-40gb")).isNotEqualTo(key("cpu-cooperlake+cuda-h100-80gb-hbm3"));
    }

    private static String key(String deviceClass) {
        Recipe recipe = new Recipe(Method.GPTQ, 4, 64, false, new CalibrationSpec("code", null, 128, 512, null), null);
        return new ArtifactIndexKey("checkpoint", recipe, "windows", Map.of(), Map.of(), "0.3.0", deviceClass)
                .canonical();
    }
}
