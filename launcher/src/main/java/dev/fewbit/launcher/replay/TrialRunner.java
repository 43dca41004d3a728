package dev.fewbit.launcher.replay;

import dev.fewbit.benchmark.harness.JudgingSpec;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.sandbox.execution.Execution;
import dev.fewbit.sandbox.execution.LanguageUnavailableException;
import dev.fewbit.sandbox.execution.LocalExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Executes trials side by side. The engine itself tries again what the sandbox broke. */
final class TrialRunner {
    private static final double NANOS = 1e9;

    private final LocalExecutor executor;
    private final JudgingSpec judging;
    private final Journal journal;
    private final int parallel;
    private final Progress progress;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger passed = new AtomicInteger();

    TrialRunner(LocalExecutor executor, JudgingSpec judging, Journal journal, int parallel, Progress progress) {
        this.executor = executor;
        this.judging = judging;
        this.journal = journal;
        this.parallel = parallel;
        this.progress = progress;
    }

    /** Verdicts by the trials' ids; those in the journal are taken from it. */
    Map<String, Judged> run(Collection<Trial> trials) throws InterruptedException {
        Map<String, Judged> verdicts = new HashMap<>(journal.open());
        ExecutorService threads = Executors.newFixedThreadPool(
                parallel, Thread.ofPlatform().daemon().name("replay-", 0).factory());
        try {
            List<Future<Judged>> running = new ArrayList<>();
            for (Trial trial : trials) {
                Judged known = verdicts.get(trial.id());
                if (known == null) {
                    running.add(threads.submit(() -> counted(execute(trial), trials.size())));
                } else {
                    counted(known, trials.size());
                }
            }
            for (Future<Judged> future : running) {
                Judged judged = future.get();
                verdicts.put(judged.id(), judged);
            }
            return verdicts;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LauncherException known
                    ? known
                    : LauncherException.failed("a program could not be executed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Judged execute(Trial trial) throws InterruptedException {
        try {
            Execution execution =
                    executor.execute(judging.language(), trial.program(), trial.tests(), judging.limits());
            Judged judged = new Judged(
                    trial.id(),
                    execution.outcome().verdict(),
                    execution.outcome().message(),
                    execution.cpuTime().toNanos() / NANOS);
            if (judged.verdict() != Verdict.INFRASTRUCTURE_FAULT) {
                journal.add(judged);
            }
            return judged;
        } catch (LanguageUnavailableException e) {
            throw LauncherException.failed(e.getMessage(), e);
        }
    }

    private Judged counted(Judged judged, int total) {
        int passes = judged.verdict() == Verdict.PASSED ? passed.incrementAndGet() : passed.get();
        progress.judged(done.incrementAndGet(), total, passes);
        return judged;
    }
}
