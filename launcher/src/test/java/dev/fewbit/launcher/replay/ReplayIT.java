package dev.fewbit.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays against small benchmarks of this test's own, in real jails. */
class ReplayIT {
    private static final String PYTHON = "multipl-e-humaneval-python";
    private static final String JAVA = "multipl-e-humaneval-java";

    @TempDir
    private Path folder;

    private Path prompts;

    @BeforeEach
    void makeBenchmarks() throws IOException {
        prompts = Files.createDirectories(folder.resolve("data/multipl-e/prompts"));
        Files.writeString(prompts.resolve("humaneval-py-reworded.jsonl"), """
                {"name":"one","language":"py","prompt":"def one():\\n","tests":"def check(candidate):\\n    assert candidate() == 1\\n\\ncheck(one)\\n","stop_tokens":["\\ndef","\\nif"]}
                {"name":"two","language":"py","prompt":"def two():\\n","tests":"def check(candidate):\\n    assert candidate() == 2\\n\\ncheck(two)\\n","stop_tokens":["\\ndef","\\nif"]}
                """);
        Files.writeString(prompts.resolve("humaneval-java-reworded.jsonl"), """
                {"name":"pair","language":"java","prompt":"import org.javatuples.*;\\nimport java.util.*;\\nimport java.util.stream.*;\\nclass Problem {\\n    public static Pair<Long, Long> pair(long a) {\\n","tests":"    }\\n    public static void main(String[] args) {\\n    assert(pair(1L).equals((Pair<Long, Long>)Pair.with(1L, 2L)));\\n    }\\n\\n}\\n","stop_tokens":["\\n    }\\n"]}
                """);
    }

    private ReplayReport replay(String benchmark, Path samples, Path out) throws InterruptedException {
        BenchmarkLoader loader = new BenchmarkLoader(folder, Optional.of(folder.resolve("data")));
        return new Replay(
                        loader,
                        new Replay.Order(benchmark, samples, out, null, false, List.of(), 2),
                        (done, total, passed) -> {})
                .run();
    }

    @Test
    void shouldRunEqualProgramsOnceAndGiveEachSampleItsVerdict() throws Exception {
        // Given: cut at the stop token; the fourth ends before its tests do
        Path samples = Files.writeString(folder.resolve("samples.jsonl"), """
                {"name":"one","completions":["    return 1\\n\\ndef broken(","    return 1\\n","    return 2"]}
                {"name":"two","completions":["    import sys\\n    sys.exit(0)","    return 2","  return ("]}
                """);
        Path out = folder.resolve("verdicts.jsonl");

        // When
        ReplayReport report = replay(PYTHON, samples, out);

        // Then
        assertThat(report.lines())
                .extracting(VerdictLine::verdict)
                .containsExactly(
                        Verdict.PASSED,
                        Verdict.PASSED,
                        Verdict.ASSERTION_FAILED,
                        Verdict.RAISED,
                        Verdict.PASSED,
                        Verdict.COMPILE_FAILED);
        assertThat(report.executed()).isEqualTo(5);
        assertThat(report.passAt(1)).hasValue((2.0 / 3 + 1.0 / 3) / 2);
        assertThat(Files.readAllLines(out)).hasSize(6);
    }

    @Test
    void shouldHaveJavatuplesAndJava11AndLeaveTheBraceToTheTestsWhenMultiPlEJava() throws Exception {
        // Given: the third is no Java 11
        Path samples = Files.writeString(folder.resolve("samples.jsonl"), """
                {"name":"pair","completions":["        return Pair.with(a, a + 1);\\n    }\\n    static void more() {","        return Pair.with(a, a);","        return Pair.with(a, Stream.of(a + 1).toList().getFirst());","        System.exit(0);\\n        return null;"]}
                """);

        // When, Then
        assertThat(replay(JAVA, samples, null).lines())
                .extracting(VerdictLine::verdict)
                .containsExactly(Verdict.PASSED, Verdict.ASSERTION_FAILED, Verdict.COMPILE_FAILED, Verdict.RAISED);
    }

    @Test
    void shouldTakeVerdictsOfAStoppedRunWhenItGoesOn() throws Exception {
        // Given: a run that was stopped after a verdict that only its journal has
        Path samples = Files.writeString(
                folder.resolve("samples.jsonl"), "{\"name\":\"one\",\"completions\":[\"    return 1\"]}");
        Path out = folder.resolve("verdicts.jsonl");
        String execution = replay(PYTHON, samples, out).lines().getFirst().execution();
        Files.writeString(
                folder.resolve("verdicts.jsonl.part"),
                "{\"id\":\"" + execution + "\",\"verdict\":\"raised\",\"message\":\"kept\",\"cpuSeconds\":1.0}\n");

        // When, Then
        assertThat(replay(PYTHON, samples, out).lines())
                .extracting(VerdictLine::message)
                .containsExactly("kept");
    }

    @Test
    void shouldSayWhatIsMissingWhenTheSandboxHasNotTheLanguage() {
        assertThatThrownBy(() -> replay("multipl-e-humaneval-cpp", folder.resolve("none"), null))
                .isInstanceOf(LauncherException.class)
                .hasMessage(
                        "benchmark multipl-e-humaneval-cpp is in cpp, which the sandbox cannot execute: it has no toolchain"
                                + " for it; languages that it runs: python, java")
                .extracting("exitCode")
                .isEqualTo(1);
    }

    @Test
    void shouldWriteNothingWhenSamplesCannotBeUsed() throws Exception {
        // Given
        Path samples = Files.writeString(
                folder.resolve("samples.jsonl"), "{\"name\":\"three\",\"completions\":[\"    return 1\"]}");
        Path out = folder.resolve("verdicts.jsonl");

        // When, Then
        assertThatThrownBy(() -> replay(PYTHON, samples, out))
                .hasMessage(samples + ":1: problem 'three' is not in benchmark " + PYTHON)
                .extracting("exitCode")
                .isEqualTo(2);
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("verdicts.jsonl.part")).doesNotExist();
    }
}
