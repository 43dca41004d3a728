package dev.fewbit.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineOptionsTest {
    @ParameterizedTest
    @CsvSource({"EXACT, exact", "ALL, all"})
    void shouldSayWhatIsAllowedWhenKernelsOfOurOwnAreWantedWithBf16(GpuKernels kernels, String name) {
        assertThatThrownBy(() -> options(HalfNumbers.BF16, kernels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gpu-kernels is " + name
                        + "; allowed with gpu-numbers bf16: none, since these kernels compute with fp16");
    }

    @Test
    void shouldTakeBf16WhenNoKernelsOfOurOwnAreWanted() {
        assertThat(options(HalfNumbers.BF16, GpuKernels.NONE).gpuNumbers()).isEqualTo(HalfNumbers.BF16);
    }

    private static EngineOptions options(HalfNumbers numbers, GpuKernels kernels) {
        return new EngineOptions(
                GenerationDevice.of("cuda"), 1, 1, 0, numbers, kernels, 1024, false, Path.of("."), Optional.empty());
    }
}
