package dev.fewbit.evaluator.summary;

import dev.fewbit.benchmark.metric.PassAtK;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.evaluator.energy.Grid;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.evaluation.Evaluation;
import dev.fewbit.evaluator.generation.GenerationRecords;
import dev.fewbit.evaluator.statistics.Interval;
import dev.fewbit.evaluator.statistics.ProblemBootstrap;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;

/** Turns an evaluation's rows into its summary. */
@ApplicationScoped
public class EvaluationSummaries {
    private final Counts counts;
    private final GenerationRecords generations;
    private final Grid grid;

    EvaluationSummaries(Counts counts, GenerationRecords generations, Grid grid) {
        this.counts = counts;
        this.generations = generations;
        this.grid = grid;
    }

    /**
     * Sums up an evaluation whose samples all have verdicts, in the caller's transaction.
     *
     * @throws IllegalStateException when a sample or a verdict is missing: no pass@1 of a part ever gets out
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public EvaluationSummary of(Evaluation evaluation) {
        EvaluationCounts progress = counts.progress(evaluation.id());
        int[] passed = counts.passedByProblem(evaluation.id());
        int samples = evaluation.request().samples();
        if (progress.judged() != evaluation.totalSamples() || passed.length != evaluation.problems()) {
            throw new IllegalStateException("evaluation " + evaluation.id() + " has " + progress.judged()
                    + " verdicts over " + passed.length + " problems; expected " + evaluation.totalSamples() + " over "
                    + evaluation.problems());
        }
        double passAt1 = Arrays.stream(passed)
                .mapToDouble(c -> PassAtK.estimate(samples, c, 1))
                .average()
                .orElseThrow();
        Interval interval = ProblemBootstrap.interval(passed, samples);
        Counts.Work work = counts.work(evaluation.id());
        Map<String, String> provenance = provenance(evaluation, work);
        return new EvaluationSummary(
                passed.length,
                samples,
                passAt1,
                interval.low(),
                interval.high(),
                counts.verdicts(evaluation.id()),
                work.seconds(),
                progress.tokens(),
                progress.executions(),
                work.reused(),
                cost(work.use(), progress.tokens(), provenance),
                provenance);
    }

    private GenerationCost cost(ResourceUse use, long tokens, Map<String, String> provenance) {
        return GenerationCost.of(
                use.gpuJoules(),
                use.cpuJoules(),
                tokens,
                grid.intensity(),
                grid.source(),
                use.peakHostBytes(),
                use.peakDeviceBytes(),
                "GPU: " + provenance.getOrDefault("energy.gpu", "not recorded") + "; processors: "
                        + provenance.getOrDefault("energy.cpu", "not recorded"));
    }

    private Map<String, String> provenance(Evaluation evaluation, Counts.Work work) {
        Map<String, String> provenance = generations.of(evaluation.id());
        provenance.put("benchmark.file", evaluation.request().benchmark().file());
        provenance.put("stop.rule", "cut before the first stop token of the record");
        provenance.put("sandbox.toolchain", evaluation.toolchain());
        provenance.put("sandbox.judge_version", String.valueOf(evaluation.judgeVersion()));
        provenance.put("sandbox.isolation", String.valueOf(work.isolation()));
        provenance.put("interval", "95 % over problems: percentile bootstrap, 10000 resamples (docs/methods.md)");
        provenance.put(
                "evaluated.at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return provenance;
    }
}
