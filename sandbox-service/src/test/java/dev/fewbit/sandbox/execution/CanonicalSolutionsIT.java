package dev.fewbit.sandbox.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every canonical solution of the project's own benchmark passes, in the jail that models' programs get. */
class CanonicalSolutionsIT {
    private static final Path BENCHMARK = Path.of(System.getProperty("fewbit.root"), "reference-model", "benchmark");

    @ParameterizedTest
    @EnumSource(ProgramLanguage.class)
    void shouldPassWhenASolutionIsCanonical(ProgramLanguage language) throws Exception {
        // Given
        Path file = Path.of(System.getProperty("fewbit.benchmark", BENCHMARK.toString()))
                .resolve(language.label() + ".jsonl");
        assertThat(file).as("the benchmark is part of the checkout").exists();
        List<BenchmarkProblem> problems = BenchmarkProblem.read(file);
        int threads =
                Integer.getInteger("fewbit.concurrency", Runtime.getRuntime().availableProcessors());

        // When
        List<String> failed = new ArrayList<>();
        try (LocalExecutor executor = LocalExecutor.open(EngineSettings.local().withConcurrency(threads));
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            executor.warmUp();
            long begin = System.nanoTime();
            double before = cpuSeconds();
            List<Future<Execution>> executions = problems.stream()
                    .map(p -> pool.submit(() -> executor.execute(
                            language, p.prompt() + p.canonical(), p.tests(), ExecutionLimits.of(language))))
                    .toList();
            double cpu = 0;
            for (int i = 0; i < problems.size(); i++) {
                Execution execution = executions.get(i).get();
                cpu += execution.cpuTime().toNanos() / 1e9;
                if (execution.outcome().verdict() != Verdict.PASSED) {
                    failed.add(problems.get(i).name() + ": " + execution.outcome());
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%s: %d programs, %.1f/s, %.1f ms CPU each in the jail, %.1f ms in all, %d at once%n",
                    language,
                    problems.size(),
                    problems.size() / seconds,
                    1000 * cpu / problems.size(),
                    1000 * (cpuSeconds() - before) / problems.size(),
                    threads);
        }

        // Then
        assertThat(failed).isEmpty();
    }

    /** CPU time of this process and of the jails that ended (fields 14 to 17 of proc(5)'s stat, in ticks of 10 ms). */
    private static double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11])
                        + Long.parseLong(fields[12])
                        + Long.parseLong(fields[13])
                        + Long.parseLong(fields[14]))
                / 100.0;
    }
}
