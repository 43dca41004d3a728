package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.device.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing for a GPU, each in one line. */
class PlacementTest {
    @TempDir
    Path directory;

    @Test
    void shouldSayWhichVariableWhenThereIsNoBuildForCuda() {
        assertThatThrownBy(() -> Placement.gpu(0, Map.of()))
                .isInstanceOf(DeviceException.class)
                .hasMessage("device cuda: FEWBIT_ONNXRUNTIME_PATH is not set; it names the directory of"
                        + " libonnxruntime.so.1.29.0 and its CUDA provider, as the Python package onnxruntime-gpu 1.29"
                        + " has them in onnxruntime/capi");
    }

    @Test
    void shouldNameTheDirectoryWhenItHasNoLibrary() {
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(DeviceException.class)
                .hasMessage("device cuda: " + directory + ": has no libonnxruntime.so*; FEWBIT_ONNXRUNTIME_PATH names"
                        + " the directory of a build of ONNX Runtime for CUDA");
    }

    @Test
    void shouldNameTheDirectoryWhenItDoesNotExist() {
        // Given
        Path missing = directory.resolve("missing");

        // When, Then
        assertThatThrownBy(() -> open(missing))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("device cuda: " + missing + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldNameTheFileWhenItIsNoLibrary() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("libonnxruntime.so.1.29.0"), "cut off");

        // When, Then
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(DeviceException.class)
                .hasMessage("device cuda: " + file + ": cannot be loaded");
    }

    private static Placement open(Path directory) {
        return Placement.gpu(0, Map.of("FEWBIT_ONNXRUNTIME_PATH", directory.toString()));
    }
}
