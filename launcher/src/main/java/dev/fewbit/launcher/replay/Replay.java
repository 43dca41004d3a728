package dev.fewbit.launcher.replay;

import dev.fewbit.benchmark.Benchmark;
import dev.fewbit.benchmark.BenchmarkDefinition;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.benchmark.extraction.Cleaning;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.benchmark.harness.JudgingSpec;
import dev.fewbit.benchmark.sample.InvalidSamplesException;
import dev.fewbit.benchmark.sample.Sample;
import dev.fewbit.benchmark.sample.SampleReader;
import dev.fewbit.benchmark.sample.Samples;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.sandbox.execution.EngineSettings;
import dev.fewbit.sandbox.execution.LocalExecutor;
import dev.fewbit.sandbox.isolation.IsolationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges samples of a benchmark as its own harness does, in jails of this process. */
public final class Replay {
    /** From this many Java programs on the compiler's warm-up pays. */
    private static final int WORTH_WARMING = 20;
    /** A warm compiler keeps about as many cores busy with what it compiles. */
    private static final int CORES_PER_COMPILER = 4;
    /** The clock is a backstop for programs that wait. */
    private static final int WALL_FACTOR = 3;

    private final BenchmarkLoader loader;
    private final Order order;
    private final Progress progress;

    /**
     * What to replay.
     *
     * @param benchmark its name
     * @param samples file or folder
     * @param out where verdicts go, a line each; {@code null} for nowhere
     * @param timeout CPU time of a program; {@code null} for the benchmark's own limit
     * @param cut whether completions are cut at the stop tokens although the benchmark's own harness does not
     * @param cleanings in this order
     * @param parallel programs at once
     */
    public record Order(
            String benchmark,
            Path samples,
            Path out,
            Duration timeout,
            boolean cut,
            List<Cleaning> cleanings,
            int parallel) {
        public Order {
            cleanings = List.copyOf(cleanings);
        }
    }

    public Replay(BenchmarkLoader loader, Order order, Progress progress) {
        this.loader = loader;
        this.order = order;
        this.progress = progress;
    }

    /**
     * Reads everything, then executes.
     *
     * @throws LauncherException when benchmark or samples cannot be used, or nothing can be executed here
     */
    public ReplayReport run() throws InterruptedException {
        BenchmarkDefinition definition;
        Benchmark benchmark;
        Samples samples;
        ProgramLanguage language;
        try {
            definition = BenchmarkLoader.definition(order.benchmark());
            language = executable(definition);
            benchmark = loader.load(definition);
            samples = new SampleReader(definition, benchmark).read(order.samples());
        } catch (InvalidBenchmarkException | InvalidSamplesException e) {
            throw LauncherException.usage(e.getMessage());
        }
        Harness harness = Harness.of(definition, language);
        EngineSettings settings = EngineSettings.local()
                .withConcurrency(order.parallel())
                .withCompilers(Math.max(1, order.parallel() / CORES_PER_COMPILER));
        try (LocalExecutor executor = LocalExecutor.open(settings);
                Journal journal = new Journal(order.out())) {
            LanguageView view = view(executor, language);
            JudgingSpec judging =
                    new JudgingSpec(language, limits(harness.limits()), view.toolchain(), view.judgeVersion());
            List<Trial> trials = trials(harness, judging, samples.samples());
            Map<String, Trial> unique = new LinkedHashMap<>();
            trials.forEach(trial -> unique.putIfAbsent(trial.id(), trial));
            if (language == ProgramLanguage.JAVA && unique.size() >= WORTH_WARMING) {
                executor.warmUp();
            }
            Map<String, Judged> verdicts =
                    new TrialRunner(executor, judging, journal, order.parallel(), progress).run(unique.values());
            ReplayReport report = new ReplayReport(
                    definition.name(),
                    benchmark.digest(),
                    samples.format().toString(),
                    language.label(),
                    view.toolchain(),
                    view.judgeVersion(),
                    benchmark.problems().size(),
                    samples.ownTexts(),
                    unique.size(),
                    lines(samples.samples(), trials, verdicts));
            journal.finish(report.lines(), report.faults() == 0);
            return report;
        } catch (IsolationException e) {
            throw LauncherException.failed("nothing was executed: " + e.getMessage(), e);
        }
    }

    private static ProgramLanguage executable(BenchmarkDefinition definition) {
        return definition
                .language()
                .executable()
                .orElseThrow(() -> LauncherException.failed("benchmark " + definition.name() + " is in "
                        + definition.language() + ", which the sandbox cannot execute: it has no toolchain for it; "
                        + "languages that it runs: python, java"));
    }

    private static LanguageView view(LocalExecutor executor, ProgramLanguage language) {
        return executor.languages().stream()
                .filter(candidate -> candidate.language() == language && candidate.available())
                .findFirst()
                .orElseThrow(() -> LauncherException.failed(
                        "programs in " + language.label() + " cannot be executed: its toolchain is missing here"));
    }

    private ExecutionLimits limits(ExecutionLimits own) {
        return Optional.ofNullable(order.timeout())
                .map(time -> new ExecutionLimits(
                        time, time.multipliedBy(WALL_FACTOR), own.memoryBytes(), own.outputBytes(), own.processes()))
                .orElse(own);
    }

    private List<Trial> trials(Harness harness, JudgingSpec judging, List<Sample> samples) {
        Trials maker = new Trials(harness, judging, order.cut() || harness.cutsCompletions(), order.cleanings());
        return samples.stream().map(maker::of).toList();
    }

    private static List<VerdictLine> lines(List<Sample> samples, List<Trial> trials, Map<String, Judged> verdicts) {
        List<VerdictLine> lines = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Judged judged = verdicts.get(trials.get(i).id());
            lines.add(new VerdictLine(
                    trials.get(i).problem(),
                    samples.get(i).index(),
                    judged.verdict(),
                    judged.verdict() == Verdict.PASSED,
                    judged.message(),
                    judged.cpuSeconds(),
                    judged.id()));
        }
        return lines;
    }
}
