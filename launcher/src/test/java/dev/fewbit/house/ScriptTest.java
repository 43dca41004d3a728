package dev.fewbit.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The {@code fewbit} script on a tree of its own, with a JDK and a Maven that only say that they were called. */
@Timeout(60)
class ScriptTest {
    /** Makes what a build leaves, and a line a call. */
    private static final String MAVEN = """
            echo built >>"$FAKE/builds"
            mkdir -p launcher/target; printf '%s' "$FAKE/library.jar" >launcher/target/class-path
            for service in gateway quantizer-service evaluator-service sandbox-service; do
              mkdir -p $service/target/quarkus-app; touch $service/target/quarkus-app/quarkus-run.jar
            done
            """;

    @TempDir
    private Path directory;

    private Path fake;
    private Path tree;

    @BeforeEach
    void layOut() throws IOException {
        fake = Files.createDirectories(directory.resolve("fake"));
        tree = Files.createDirectories(directory.resolve("a tree"));
        Files.createFile(fake.resolve("library.jar"));
        jdk("jdk-25", "25.0.1");
        jdk("jdk-17", "17.0.12");
        program(fake.resolve("bin/mvn"), MAVEN);
        program(fake.resolve("bin/kubectl"), "");
        Files.copy(Module.root().resolve("fewbit"), tree.resolve("fewbit"));
        Files.createFile(tree.resolve("pom.xml"));
    }

    @Test
    void shouldBuildOnceWhenNothingChanges() throws Exception {
        assertThat(run(tree, "exec", "a b").out()).endsWith("dev.fewbit.launcher.cli.Fewbit exec a b\n");
        assertThat(run(tree, "exec").status()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void shouldBuildAgainWhenTreeWasCopied() throws Exception {
        // Given
        run(tree, "exec");
        Path copy = directory.resolve("copy");
        copy(tree, copy);

        // When
        Result result = run(copy, "exec");

        // Then
        assertThat(result.status()).isZero();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void shouldBuildAgainWhenLibraryIsGone() throws Exception {
        // Given
        run(tree, "exec");
        Files.delete(fake.resolve("library.jar"));

        // When
        run(tree, "exec");

        // Then
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void shouldTakeJdkOfPathWhenJavaHomeIsAnother() throws Exception {
        Result result = run(tree, Map.of("JAVA_HOME", fake.resolve("jdk-17").toString()), "exec");
        assertThat(result.out()).startsWith("jdk-25 ");
    }

    @Test
    void shouldShowErrorsAndNameLogWhenBuildFails() throws Exception {
        // Given
        program(fake.resolve("bin/mvn"), "echo '[ERROR] no such class'; echo noise; exit 1");

        // When
        Result result = run(tree, "exec");

        // Then
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("[ERROR] no such class\n")
                .doesNotContain("noise")
                .endsWith("fewbit: the build failed; all of it is in " + tree + "/.fewbit/build.log\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void shouldEndWith130WhenInterruptedWhileBuilding() throws Exception {
        // Given: Maven's JVM ends with 130 by itself, which bash does not take for an interrupt
        program(fake.resolve("bin/mvn"), "trap 'exit 130' INT; touch \"$FAKE/building\"; while :; do sleep 0.05; done");
        Process script = start(tree, Map.of(), "exec");
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(fake.resolve("building")));

        // When: as a terminal's Ctrl-C does, to the whole process group
        new ProcessBuilder("sh", "-c", "kill -s INT -- -" + script.pid())
                .start()
                .waitFor();

        // Then
        assertThat(script.waitFor()).isEqualTo(130);
        assertThat(Files.readString(directory.resolve("err"))).doesNotContain("the build failed");
    }

    @Test
    void shouldCountAndFailWhenTestFails() throws Exception {
        // Given
        program(fake.resolve("bin/mvn"), """
                mkdir -p gateway/target/surefire-reports
                echo '<testsuite name="SomeTest" tests="3" failures="1" errors="0" skipped="0" time="0.5"/>' \
                  >gateway/target/surefire-reports/TEST-SomeTest.xml
                exit 1
                """);

        // When
        Result result = run(tree, "test");

        // Then
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).endsWith("2 passed, 1 failed\n");
    }

    private Result run(Path root, String... arguments) throws Exception {
        return run(root, Map.of(), arguments);
    }

    private Result run(Path root, Map<String, String> environment, String... arguments) throws Exception {
        int status = start(root, environment, arguments).waitFor();
        return new Result(
                status, Files.readString(directory.resolve("out")), Files.readString(directory.resolve("err")));
    }

    private Process start(Path root, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("setsid", root.resolve("fewbit").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("FAKE", fake.toString());
        builder.environment().put("PATH", fake + "/bin:" + fake + "/jdk-25/bin:" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private long builds() throws IOException {
        return Files.readAllLines(fake.resolve("builds")).size();
    }

    private void jdk(String name, String version) throws IOException {
        program(fake.resolve(name).resolve("bin/java"), "echo " + name + " \"$@\"");
        program(fake.resolve(name).resolve("bin/javac"), "");
        Files.writeString(fake.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private record Result(int status, String out, String err) {}
}
