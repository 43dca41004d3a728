package dev.fewbit.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationDeviceTest {
    @Test
    void shouldHaveNoGpuWhenItIsTheProcessor() {
        assertThat(GenerationDevice.of("cpu").gpu()).isEqualTo(OptionalInt.empty());
    }

    @ParameterizedTest
    @CsvSource({"cuda, 0", "cuda:0, 0", "cuda:7, 7"})
    void shouldHaveTheGpuWhenOneIsNamed(String name, int number) {
        assertThat(GenerationDevice.of(name).gpu()).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "CUDA", "cuda:", "cuda:-1", "cuda:x", "cuda:99999", "cpu:0", ""})
    void shouldSayWhatIsAllowedWhenItIsAnother(String name) {
        assertThatThrownBy(() -> GenerationDevice.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("device is '" + name + "'; allowed: cpu, cuda (the first GPU) and cuda:N, N from 0 on");
    }
}
