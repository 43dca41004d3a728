package dev.fewbit.sandbox.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.execution.EngineSettings;
import dev.fewbit.sandbox.execution.ExecutionEngine;
import dev.fewbit.sandbox.execution.LocalExecutor;
import dev.fewbit.sandbox.isolation.BubblewrapIsolation;
import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.JailFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-test holds on this machine, and notices when something does not. */
class SelfTestIT {
    private static final String PATH = "/usr/bin:/bin";

    @TempDir
    Path directory;

    @Test
    void shouldHoldWhenControlGroupsLimitAndWhenAWatchdogDoes() throws Exception {
        for (EngineSettings settings :
                List.of(EngineSettings.local(), EngineSettings.local().withoutControlGroups())) {
            try (ExecutionEngine engine = ExecutionEngine.open(settings)) {
                engine.proveItself();
                assertThat(engine.isolationMode()).startsWith("bubblewrap+seccomp+");
            }
        }
    }

    @Test
    void shouldFailWithOneLineWhenBubblewrapIsMissing() {
        EngineSettings settings = withPath(directory.toString());
        assertThatThrownBy(() -> LocalExecutor.open(settings))
                .isInstanceOf(IsolationException.class)
                .hasMessage("bubblewrap is not installed: no bwrap in " + directory
                        + "; on Debian or Ubuntu: apt-get install bubblewrap");
    }

    @Test
    void shouldNameTheHoleWhenAJailSharesTheNetwork() throws Exception {
        // Given: a bubblewrap that leaves one namespace out
        Path leaky = directory.resolve("bwrap");
        Files.writeString(leaky, """
                #!/bin/sh
                for word do
                  shift
                  case $word in
                    --unshare-all) set -- "$@" --unshare-pid --unshare-ipc --unshare-uts ;;
                    *) set -- "$@" "$word" ;;
                  esac
                done
                exec /usr/bin/bwrap "$@"
                """);
        Files.setPosixFilePermissions(leaky, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        // When, Then
        assertThatThrownBy(() -> LocalExecutor.open(withPath(directory + ":" + PATH)))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("the sandbox does not hold, nothing is executed: ")
                .hasMessageContaining("the jail has no net namespace of its own");
    }

    @Test
    void shouldNameWhatDoesNotHoldWhenAVerdictIsWrong() throws Exception {
        // Given
        try (JailFiles files = JailFiles.create(directory);
                Isolation isolation = BubblewrapIsolation.open(files, PATH, EngineSettings.DEFAULT_FIRST_UID, true)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            SelfTest test = new SelfTest(isolation, files.root(), 0);

            // When, Then
            assertThatThrownBy(() ->
                            test.run(Set.of(ProgramLanguage.PYTHON), (language, program, tests) -> Verdict.PASSED))
                    .isInstanceOf(IsolationException.class)
                    .hasMessage("the sandbox does not hold, nothing is executed: "
                            + "a python program that should be assertion-failed is passed; "
                            + "a python program that should be raised is passed");
        }
    }

    private static EngineSettings withPath(String path) {
        EngineSettings local = EngineSettings.local();
        return new EngineSettings(
                local.scratch(),
                path,
                1,
                local.firstUid(),
                true,
                1,
                local.compilesPerCompiler(),
                local.compileTimeout(),
                local.outputHeadBytes(),
                local.outputTailBytes());
    }
}
