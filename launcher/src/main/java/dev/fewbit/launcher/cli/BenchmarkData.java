package dev.fewbit.launcher.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the benchmarks are that Fewbit does not ship. */
final class BenchmarkData {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder that holds a folder a benchmark: humaneval, mbpp, multipl-e and so on; ./fewbit benchmarks says "
                            + "which files belong there. Default: " + BenchmarkFolder.VARIABLE + " of the environment.")
    private Path data;

    /** The folder, where one is named. */
    Optional<Path> folder() {
        return BenchmarkFolder.of(data, "--data");
    }

    /** {@code environment} with the folder as the services read it. */
    Map<String, String> in(Map<String, String> environment) {
        return BenchmarkFolder.in(environment, folder());
    }
}
