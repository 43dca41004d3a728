package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceClassTest {
    @ParameterizedTest
    @CsvSource({
        "NVIDIA H100 80GB HBM3, cuda-h100",
        "NVIDIA H100 PCIe, cuda-h100",
        "NVIDIA H200, cuda-h200",
        "NVIDIA A100-SXM4-80GB, cuda-a100",
        "NVIDIA L40S, cuda-l40s",
        "Tesla T4, cuda-t4",
        "Tesla V100-PCIE-16GB, cuda-v100",
        "NVIDIA GeForce RTX 4090, cuda-rtx-4090",
        "NVIDIA GeForce RTX 4090 Laptop GPU, cuda-rtx-4090",
        "NVIDIA RTX A6000, cuda-rtx-a6000",
        "NVIDIA RTX 6000 Ada Generation, cuda-rtx-6000-ada"
    })
    void shouldKeepTheChipAlone(String name, String deviceClass) {
        assertThat(DeviceClass.ofGpu(name)).isEqualTo(deviceClass);
    }
}
