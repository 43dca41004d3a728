package dev.fewbit.launcher.stack;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.supervisor.JavaCommand;
import dev.fewbit.launcher.supervisor.Leash;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * A service's Quarkus application, started with the leash in front.
 *
 * @param jar its {@code quarkus-run.jar}
 */
record ServiceApplication(Path jar) {
    private static final String ENTRY = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";
    private static final Attributes.Name ADD_OPENS = new Attributes.Name("Add-Opens");

    List<String> command(StackService service) {
        List<String> options = new ArrayList<>(service.options());
        options.addAll(opens());
        String classPath = launcherClasses() + File.pathSeparator + jar;
        return JavaCommand.of(service.heap(), options, classPath, Leash.class.getName(), ENTRY);
    }

    /** What the jar's manifest opens; the JVM reads that line only when it is started with {@code -jar}. */
    private List<String> opens() {
        try (JarFile file = new JarFile(jar.toFile())) {
            String packages = file.getManifest().getMainAttributes().getValue(ADD_OPENS);
            List<String> options = new ArrayList<>();
            for (String name : packages == null ? new String[0] : packages.split("\\s+")) {
                options.add("--add-opens=" + name + "=ALL-UNNAMED");
            }
            return options;
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be read: %s".formatted(jar, e.getMessage()), e);
        }
    }

    /** The jar or directory this class was loaded from: it brings the leash to the services' class path. */
    private static Path launcherClasses() {
        return Path.of(URI.create(
                Leash.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
