package dev.fewbit.evaluator.energy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles the library of {@code nvml.c}; gcc is what {@code ./fewbit} needs anyway. */
final class TestGpu {
    private TestGpu() {}

    static String library(Path directory, String... flags)
            throws IOException, InterruptedException, URISyntaxException {
        Path source = Path.of(TestGpu.class.getResource("/energy/nvml.c").toURI());
        Path library = directory.resolve("libnvml-test.so");
        List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-o", library.toString()));
        command.addAll(List.of(flags));
        command.add(source.toString());
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("gcc ended with " + status);
        }
        return library.toString();
    }
}
