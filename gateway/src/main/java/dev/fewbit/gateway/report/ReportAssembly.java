package dev.fewbit.gateway.report;

import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts a study's finished cells together with their artifacts. */
final class ReportAssembly {
    private static final Comparator<ReportCell> ORDER = Comparator.comparing(
                    (ReportCell cell) -> cell.language().label())
            .thenComparing(ReportCell::benchmark)
            .thenComparing(ReportCell::model)
            .thenComparing(ReportCell::bits, Comparator.reverseOrder())
            .thenComparing(ReportCell::method);

    private ReportAssembly() {}

    /**
     * @param version of Fewbit
     * @param at when the report is made
     */
    static StudyReport of(StudySnapshot study, String version, Instant at) {
        Map<UUID, StudySnapshot.Job> jobs =
                study.jobs().stream().collect(Collectors.toMap(StudySnapshot.Job::id, Function.identity()));
        List<ReportCell> cells = study.cells().stream()
                .filter(cell -> cell.state() == WorkState.DONE)
                .map(cell -> cell(jobs.get(cell.jobId()), cell))
                .sorted(ORDER)
                .toList();
        return new StudyReport(
                study.head().name(),
                ReportSentence.of(cells, study.cells().size()),
                cells,
                ReportProvenance.of(study, jobs, version, at));
    }

    private static ReportCell cell(StudySnapshot.Job job, StudySnapshot.Cell cell) {
        return new ReportCell(
                job.model(),
                job.bits(),
                job.method(),
                job.calibration(),
                cell.benchmark().language(),
                cell.benchmark().name(),
                cell.summary().problems(),
                cell.summary().samplesPerProblem(),
                cell.summary().passAt1(),
                cell.summary().passAt1Low(),
                cell.summary().passAt1High(),
                job.served() ? job.generator().storedBytes() : job.sizes().storedBytes(),
                job.served() ? null : (Long) job.sizes().residentBytes(),
                job.served() ? null : (Long) job.sizes().idealBytes(),
                job.seconds(),
                cell.summary().evaluateSeconds(),
                (job.served() || job.reused()) && cell.summary().reused(),
                cell.summary().cost(),
                job.served());
    }
}
