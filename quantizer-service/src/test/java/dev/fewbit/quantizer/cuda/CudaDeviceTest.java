package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaDeviceTest {
    @ParameterizedTest
    @CsvSource({
        "NVIDIA H100 80GB HBM3, cuda-h100-80gb-hbm3",
        "NVIDIA A100-SXM4-40GB, cuda-a100-sxm4-40gb",
        "NVIDIA GeForce RTX 4090, cuda-rtx-4090",
        "Tesla T4, cuda-tesla-t4"
    })
    void shouldNameItsClassByTheDriversName(String name, String deviceClass) {
        assertThat(CudaDevice.deviceClass(name)).isEqualTo(deviceClass);
    }
}
