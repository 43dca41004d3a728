package dev.fewbit.model.device;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
    @TempDir
    Path directory;

    @Test
    void shouldSayWhereItLookedWhenALibraryIsMissing() {
        // Given: a library that no release has
        CudaLibraries libraries = new CudaLibraries(Map.of("FEWBIT_CUDA_LIBRARY_PATH", directory + ":"));

        // When, Then
        assertThatThrownBy(() -> libraries.open("libcudart.so.99"))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("device cuda: libcudart.so.99 was not found, or cannot be loaded; looked in the"
                        + " loader's path, [" + directory + "] and [")
                .hasMessageEndingWith("]; FEWBIT_CUDA_LIBRARY_PATH names other directories")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldSayWhereItLookedWhenTheFileIsNoLibrary() throws IOException {
        // Given
        Files.writeString(directory.resolve("libcudart.so.99"), "cut off");
        CudaLibraries libraries = new CudaLibraries(Map.of("FEWBIT_CUDA_LIBRARY_PATH", directory.toString()));

        // When, Then
        assertThatThrownBy(() -> libraries.open("libcudart.so.99"))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("was not found, or cannot be loaded");
    }

    @Test
    void shouldLookInThePackagesOfPythonWhenAnEnvironmentIsActive() throws IOException {
        // Given
        Path packages = Files.createDirectories(directory.resolve("lib/python3.12/site-packages/nvidia/cublas/lib"));

        // When, Then
        assertThatThrownBy(() -> new CudaLibraries(Map.of("VIRTUAL_ENV", directory.toString())).open("libcudart.so.99"))
                .hasMessageContaining(packages.toString());
    }
}
