package dev.fewbit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Renders an overlay with the kustomize of this machine: the program itself, or the one inside kubectl (docs/adr/0004). */
final class Kustomize {
    private static final long LIMIT_SECONDS = 60;

    private Kustomize() {}

    static List<Path> overlays() throws IOException {
        try (Stream<Path> folders = Files.list(Module.root().resolve("k8s/overlays"))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    static List<Manifest> render(Path overlay) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("kustomize", ".err");
        try {
            Process process = new ProcessBuilder(command(overlay))
                    .redirectError(errors.toFile())
                    .start();
            String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(() -> text(errors)).isZero();
            return Manifest.parseAll(yaml);
        } finally {
            Files.delete(errors);
        }
    }

    private static List<String> command(Path overlay) {
        return onPath("kustomize")
                .map(program -> List.of(program, "build", overlay.toString()))
                .or(() -> onPath("kubectl").map(program -> List.of(program, "kustomize", overlay.toString())))
                .orElseThrow(() -> new AssertionError(
                        "neither kustomize nor kubectl is on the PATH; on Debian: apt-get install kubernetes-client"));
    }

    private static Optional<String> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "its error output cannot be read: " + e.getMessage();
        }
    }
}
