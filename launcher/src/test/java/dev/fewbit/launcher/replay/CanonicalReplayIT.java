package dev.fewbit.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Canonical solutions pass and empty bodies do not, where somebody has the published files: in the folder that FEWBIT_BENCHMARKS names,
 * or in {@code ../shared/benchmarks} beside the checkout. Every 40th problem, all of them with {@code -Dfewbit.canonical=all}.
 */
class CanonicalReplayIT {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final int EVERY = "all".equals(System.getProperty("fewbit.canonical")) ? 1 : 40;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"humaneval", "humanevalplus", "mbpp", "mbpp-sanitized", "mbppplus"})
    void shouldPassWhenASolutionIsCanonical(String name) throws Exception {
        // Given
        Optional<Path> data = Optional.of(Optional.ofNullable(System.getenv("FEWBIT_BENCHMARKS"))
                .map(Path::of)
                .orElse(ROOT.resolve("../shared/benchmarks").normalize()));
        assumeTrue(Files.isDirectory(data.get()), "no folder of benchmarks at " + data.get());
        BenchmarkLoader loader = new BenchmarkLoader(ROOT, data);
        List<Problem> problems = loader.load(BenchmarkLoader.definition(name)).problems();
        List<String> right = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (int i = 0; i < problems.size(); i += EVERY) {
            Problem problem = problems.get(i);
            right.add(line(problem, problem.canonicalSolution().orElseThrow()));
            empty.add(line(problem, "    pass\n"));
        }

        // When
        ReplayReport passing = replay(loader, name, right);
        ReplayReport failing = replay(loader, name, empty);

        // Then
        assertThat(passing.lines())
                .hasSize(right.size())
                .allSatisfy(line -> assertThat(line.passed())
                        .as(line.problem() + ": " + line.message())
                        .isTrue());
        assertThat(failing.passed()).isZero();
    }

    private static String line(Problem problem, String completion) throws Exception {
        return JsonMapper.builder()
                .build()
                .writeValueAsString(Map.of("task_id", problem.name(), "completion", completion));
    }

    private ReplayReport replay(BenchmarkLoader loader, String name, List<String> lines) throws Exception {
        Path samples = Files.write(folder.resolve("samples.jsonl"), lines);
        int cores = Runtime.getRuntime().availableProcessors();
        return new Replay(
                        loader,
                        new Replay.Order(name, samples, null, null, false, List.of(), cores),
                        (done, total, passed) -> {})
                .run();
    }
}
