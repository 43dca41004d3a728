package dev.fewbit.gateway.progress;

import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Adds up a study's reports a stage. What ended counts in full, reported or not, so that reused work shows as done; what has
 * not begun counts with what is known of it, so that the total does not jump with every job that starts:
 *
 * <ul>
 *   <li>a quantization job counts its layers; one that has said nothing counts as many as another of the same model, or one; a served model
 *       has none;
 *   <li>a cell counts its samples: chosen problems × samples; where all problems are asked for, what the evaluator reports.
 * </ul>
 */
public final class ProgressSum {
    private final StudySnapshot study;
    private final Map<Key, SubjectProgress> reports = new HashMap<>();

    private ProgressSum(StudySnapshot study, List<SubjectProgress> reports) {
        this.study = study;
        reports.forEach(report -> this.reports.put(new Key(report.subjectId(), report.stage()), report));
    }

    /** One row a stage, in the order of the work. */
    public static List<StageProgress> of(StudySnapshot study, List<SubjectProgress> reports) {
        ProgressSum sum = new ProgressSum(study, reports);
        return List.of(sum.quantize(), sum.samples(Stage.GENERATE), sum.samples(Stage.EXECUTE));
    }

    private StageProgress quantize() {
        Map<String, Long> layers = new HashMap<>();
        study.jobs()
                .forEach(job -> layers.merge(
                        job.model(), reported(job.id(), Stage.QUANTIZE).total(), Math::max));
        long done = 0;
        long total = 0;
        long amount = 0;
        for (StudySnapshot.Job job : study.jobs()) {
            if (job.served()) {
                continue;
            }
            SubjectProgress report = reported(job.id(), Stage.QUANTIZE);
            long units = report.total() > 0 ? report.total() : Math.max(1, layers.get(job.model()));
            total += units;
            done += job.state() == WorkState.OPEN ? report.done() : units;
            amount += report.amount();
        }
        return new StageProgress(Stage.QUANTIZE, done, total, amount);
    }

    private StageProgress samples(Stage stage) {
        long done = 0;
        long total = 0;
        long amount = 0;
        for (StudySnapshot.Cell cell : study.cells()) {
            SubjectProgress report = reported(cell.id(), stage);
            if (cell.state() == WorkState.DONE) {
                long samples = (long) cell.summary().problems() * cell.summary().samplesPerProblem();
                done += samples;
                total += samples;
                amount += stage == Stage.GENERATE
                        ? cell.summary().tokens()
                        : cell.summary().executions();
            } else {
                done += report.done();
                total += cell.state() == WorkState.FAILED ? report.done() : Math.max(report.total(), planned(cell));
                amount += report.amount();
            }
        }
        return new StageProgress(stage, done, total, amount);
    }

    private long planned(StudySnapshot.Cell cell) {
        return cell.benchmark().choose() == null
                ? 0
                : (long) cell.benchmark().choose().problems()
                        * study.head().spec().samples();
    }

    private SubjectProgress reported(UUID subject, Stage stage) {
        return reports.getOrDefault(new Key(subject, stage), new SubjectProgress(subject, stage, 0, 0, 0));
    }

    private record Key(UUID subject, Stage stage) {}
}
