package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
    @TempDir
    private Path directory;

    @Test
    void shouldSayInOneLineWhatIsMissingWhereItWasLookedForAndWhatBringsIt() throws IOException {
        // Given: a directory that is named, and a toolkit without the library
        Path named = Files.createDirectory(directory.resolve("named"));
        Path toolkit = Files.createDirectories(directory.resolve("local/cuda-13.0/lib64"));
        LibrarySearch search =
                new LibrarySearch(Map.of("FEWBIT_CUDA_LIBRARY_PATH", named.toString()), directory.resolve("local"));

        // Then
        assertThatThrownBy(() -> search.open(CudaLibrary.CUSOLVER))
                .isInstanceOf(CudaException.class)
                .hasMessage("device cuda: cuSOLVER (libcusolver.so.12 or libcusolver.so.11) was not found; looked in "
                        + named
                        + ", the loader's path, "
                        + toolkit
                        + "; it comes with the CUDA toolkit 12 or 13, or: pip install nvidia-cusolver, and "
                        + "FEWBIT_CUDA_LIBRARY_PATH names other directories");
    }

    @Test
    void shouldNameAFileThatIsNoLibrary() throws IOException {
        Path broken = directory.resolve("libcublas.so.12");
        Files.writeString(broken, "no library");
        LibrarySearch search =
                new LibrarySearch(Map.of("FEWBIT_CUDA_LIBRARY_PATH", directory.toString()), directory.resolve("none"));

        assertThatThrownBy(() -> search.open(CudaLibrary.CUBLAS))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("; " + broken + " cannot be loaded; it comes with ");
    }

    @Test
    void shouldKnowPythonPackagesOfEveryKindOfInstallation() throws IOException {
        // Given
        Path onPath = python("opt/torch", "site-packages/nvidia/cu13/lib");
        Path virtual = python("venv", "site-packages/nvidia/cublas/lib");
        Path system = python("system", "dist-packages/nvidia/cu12/lib");
        Path named = Files.createDirectories(directory.resolve("site/nvidia/cu13/lib"));
        Map<String, String> environment = Map.of(
                "PATH", directory.resolve("opt/torch/bin") + ":" + directory.resolve("system/bin"),
                "VIRTUAL_ENV", directory.resolve("venv").toString(),
                "PYTHONPATH", directory.resolve("site").toString());

        // Then
        assertThat(new LibrarySearch(environment, directory.resolve("none")).known())
                .containsExactlyInAnyOrder(onPath, virtual, system, named);
    }

    private Path python(String prefix, String libraries) throws IOException {
        Path bin = Files.createDirectories(directory.resolve(prefix).resolve("bin"));
        Path program = Files.writeString(bin.resolve("python3"), "");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return Files.createDirectories(
                directory.resolve(prefix).resolve("lib/python3.12").resolve(libraries));
    }
}
