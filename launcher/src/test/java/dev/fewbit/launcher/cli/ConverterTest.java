package dev.fewbit.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.quantizer.artifact.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConverterTest {
    @ParameterizedTest
    @CsvSource({"5s,5000", "500ms,500", "2m,120000", "1.5s,1500", "1min,60000"})
    void shouldReadDurations(String text, long millis) {
        assertThat(new DurationConverter().convert(text).toMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "-1s", "0s", "s", "5h", "five"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("it is " + text + "; allowed: a duration");
    }

    @ParameterizedTest
    @CsvSource({"256MiB,268435456", "1GiB,1073741824", "512m,536870912", "300MB,300000000", "1048576,1048576"})
    void shouldReadAmountsOfMemory(String text, long bytes) {
        assertThat(new MemoryConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1MiB", "256 parsecs", "MiB", "1.5GiB", "999999999999GiB"})
    void shouldRefuseWhatIsNoAmountOfMemory(String text) {
        assertThatThrownBy(() -> new MemoryConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("it is " + text + "; allowed: an amount such as 256MiB or 1GiB");
    }

    @ParameterizedTest
    @CsvSource({"cpu,CPU", "cuda,CUDA"})
    void shouldReadDevices(String text, Device device) {
        assertThat(new DeviceConverter().convert(text)).isEqualTo(device);
    }

    @ParameterizedTest
    @CsvSource({"gpu,cuda", "cudo,cuda", "CPU0,cpu", "cpus,cpu", "nvidia-gpu,cuda"})
    void shouldNameTheNearestDeviceWhenThereIsNoneOfThatName(String text, String nearest) {
        assertThatThrownBy(() -> new DeviceConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("device is " + text + "; allowed: cpu, cuda; did you mean " + nearest + "?");
    }

    @ParameterizedTest
    @CsvSource({"none,NONE", "exact,EXACT", "all,ALL"})
    void shouldReadKernels(String text, GpuKernels kernels) {
        assertThat(new EngineChoice.GpuKernelsConverter().convert(text)).isEqualTo(kernels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EXACT", "most"})
    void shouldSayWhatIsAllowedWhenThereAreNoSuchKernels(String text) {
        assertThatThrownBy(() -> new EngineChoice.GpuKernelsConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("gpu-kernels is '" + text + "'; allowed: none, exact and all");
    }
}
