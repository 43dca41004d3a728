package dev.fewbit.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where Fewbit is installed: the built tree that the {@code fewbit} script starts.
 *
 * @param root the directory of the script; relative paths of study files start here
 */
public record Installation(Path root) {
    /** System property by which the script tells the root. */
    public static final String ROOT_PROPERTY = "fewbit.root";

    private static final String VERSION = "0.1.0";

    public static Installation current() {
        return new Installation(
                Path.of(System.getProperty(ROOT_PROPERTY, "")).toAbsolutePath().normalize());
    }

    /** The start jar of a service's own Quarkus application. */
    public Path serviceJar(String module) {
        Path jar = root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw LauncherException.failed(jar + " is missing: build with ./fewbit, or mvn package in " + root);
        }
        return jar;
    }

    /** Files that the launcher keeps between runs and that belong to no data directory. */
    public Path cache() {
        return root.resolve(".fewbit");
    }

    public static String version() {
        return VERSION;
    }
}
