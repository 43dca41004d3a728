package dev.fewbit.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedChildIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "ONLY", "this");

    @TempDir
    private Path directory;

    @Test
    void shouldStartChildAgainWhenItIsKilled() throws InterruptedException {
        // Given
        SupervisedChild child = child("sleeper", "exec sleep 300", LIMIT);
        child.start();
        child.awaitReady(child::failure);
        long first = child.pid().orElseThrow();

        // When
        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        // Then
        await().atMost(LIMIT)
                .until(() -> child.pid().filter(pid -> pid != first).isPresent());
        assertThat(child.restarts()).isEqualTo(1);
        assertThat(child.failure()).isEmpty();
        child.stop();
        assertThat(child.pid()).isEmpty();
    }

    @Test
    void shouldKillWhatADeadChildLeftBehind() throws InterruptedException, IOException {
        // Given
        Path pidFile = directory.resolve("grandchild");
        SupervisedChild child = child("parent", "sleep 300 & echo $! > " + pidFile + "; wait", LIMIT, pidFile);
        child.start();
        child.awaitReady(child::failure);
        await().atMost(LIMIT).until(() -> !Files.readString(pidFile).isBlank());
        ProcessHandle grandchild = ProcessHandle.of(
                        Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow();

        // When
        ProcessHandle.of(child.pid().orElseThrow()).orElseThrow().destroyForcibly();

        // Then
        await().atMost(LIMIT).until(() -> !grandchild.isAlive());
        child.stop();
    }

    @Test
    void shouldSayStatusAndLogWhenChildDiesWhileStarting() {
        // Given
        SupervisedChild child = child("broken", "echo no luck; exit 3", LIMIT, directory.resolve("never"));
        child.start();

        // When / Then
        assertThatThrownBy(() -> child.awaitReady(child::failure))
                .isInstanceOf(LauncherException.class)
                .hasMessage("broken ended with status 3 while starting; see " + log("broken"));
        assertThat(log("broken")).hasContent("no luck");
        assertThat(child.restarts()).isZero();
    }

    @Test
    void shouldSayWhatIsMissingAndLogWhenChildNeverGetsReady() {
        // Given
        SupervisedChild child = child("idle", "exec sleep 300", Duration.ofMillis(300), directory.resolve("never"));
        child.start();

        // When / Then
        assertThatThrownBy(() -> child.awaitReady(child::failure))
                .isInstanceOf(LauncherException.class)
                .hasMessage("idle is not ready after 0 s (no file yet); see " + log("idle"));
        child.stop();
    }

    @Test
    void shouldKillChildThatDoesNotStop() throws InterruptedException {
        // Given
        Path ready = directory.resolve("trapped");
        SupervisedChild child =
                child("stubborn", "trap '' TERM; touch " + ready + "; while true; do sleep 1; done", LIMIT, ready);
        child.start();
        child.awaitReady(child::failure);
        ProcessHandle process = ProcessHandle.of(child.pid().orElseThrow()).orElseThrow();

        // When
        child.stop();

        // Then
        assertThat(process.isAlive()).isFalse();
        assertThat(child.restarts()).isZero();
    }

    @Test
    void shouldGiveChildNothingOfOurEnvironment() throws InterruptedException, IOException {
        // Given
        Path ready = directory.resolve("printed");
        SupervisedChild child = child("printer", "env | sort; touch " + ready + "; exec sleep 300", LIMIT, ready);

        // When
        child.start();
        child.awaitReady(child::failure);

        // Then
        assertThat(Files.readAllLines(log("printer")))
                .filteredOn(line -> !line.startsWith("PWD=") && !line.startsWith("SHLVL=") && !line.startsWith("_="))
                .containsExactly("ONLY=this", "PATH=/usr/bin:/bin");
        child.stop();
    }

    @Test
    void shouldEndLeashedJvmWhenItsStandardInputCloses() throws IOException, InterruptedException {
        // Given
        Process process = new ProcessBuilder(JavaCommand.of(
                        "64m",
                        JavaCommand.QUICK_START,
                        System.getProperty("java.class.path"),
                        Leash.class.getName(),
                        Sleeper.class.getName()))
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("sleeping");

        // When
        process.getOutputStream().close();

        // Then
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private SupervisedChild child(String name, String script, Duration startLimit) {
        return new SupervisedChild(spec(name, script, startLimit, Optional::empty));
    }

    private SupervisedChild child(String name, String script, Duration startLimit, Path readyFile) {
        return new SupervisedChild(spec(
                name,
                script,
                startLimit,
                () -> Files.exists(readyFile) ? Optional.empty() : Optional.of("no file yet")));
    }

    private ChildSpec spec(String name, String script, Duration startLimit, Readiness readiness) {
        return new ChildSpec(
                name,
                List.of("sh", "-c", script),
                ENVIRONMENT,
                log(name),
                "TERM",
                startLimit,
                Duration.ofSeconds(2),
                readiness);
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    /** Sleeps for longer than any test. */
    public static final class Sleeper {
        private Sleeper() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("sleeping");
            TimeUnit.MINUTES.sleep(5);
        }
    }
}
