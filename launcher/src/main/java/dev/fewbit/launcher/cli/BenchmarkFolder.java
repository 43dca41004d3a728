package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.LauncherException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The folder of benchmarks, from an option or the environment. */
final class BenchmarkFolder {
    /** Names the folder for all commands. */
    static final String VARIABLE = "FEWBIT_BENCHMARKS";

    /** The evaluator's setting of the same meaning. */
    private static final String SETTING = "FEWBIT_EVALUATOR_BENCHMARKS";

    private BenchmarkFolder() {}

    /**
     * The folder.
     *
     * @param given by the option called {@code name}, or {@code null}
     * @throws LauncherException with exit code 2, when what is named is no folder
     */
    static Optional<Path> of(Path given, String name) {
        String variable = System.getenv(VARIABLE);
        if (given == null && (variable == null || variable.isBlank())) {
            return Optional.empty();
        }
        Path folder = given == null ? named(variable) : given;
        if (!Files.isDirectory(folder)) {
            throw LauncherException.usage("%s is %s; allowed: an existing folder that holds a folder a benchmark"
                    .formatted(given == null ? VARIABLE : name, folder));
        }
        return Optional.of(folder.toAbsolutePath().normalize());
    }

    /** {@code environment} with the folder as the services read it. */
    static Map<String, String> in(Map<String, String> environment, Optional<Path> folder) {
        Map<String, String> extended = new HashMap<>(environment);
        folder.ifPresent(path -> extended.put(SETTING, path.toString()));
        return extended;
    }

    private static Path named(String variable) {
        try {
            return Path.of(variable);
        } catch (InvalidPathException e) {
            throw LauncherException.usage("%s is %s, which is no path".formatted(VARIABLE, variable));
        }
    }
}
