package dev.fewbit.gateway.report;

import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Where a report's numbers come from: enough to run the study again and to see what was not finished. */
final class ReportProvenance {
    private ReportProvenance() {}

    static Map<String, Object> of(StudySnapshot study, Map<UUID, StudySnapshot.Job> jobs, String version, Instant at) {
        StudySnapshot.Head head = study.head();
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("fewbit", version);
        provenance.put("studyId", head.id());
        provenance.put("team", head.team());
        provenance.put("specificationDigest", head.digest());
        provenance.put("state", head.state());
        provenance.put("cells", study.cells().size());
        provenance.put("cellsDone", study.cellsIn(WorkState.DONE));
        provenance.put("cellsFailed", study.cellsIn(WorkState.FAILED));
        provenance.put("createdAt", toSecond(head.createdAt()));
        provenance.put("finishedAt", head.finishedAt() == null ? null : toSecond(head.finishedAt()));
        provenance.put("reportedAt", toSecond(at));
        provenance.put("interval", "95 % over problems: how pass@1 would vary with other problems of the same kind");
        provenance.put("residentAs", residentAs(study));
        provenance.put("specification", head.spec());
        provenance.put(
                "artifacts",
                study.jobs().stream()
                        .filter(job -> job.state() == WorkState.DONE && !job.served())
                        .map(ReportProvenance::artifact)
                        .toList());
        List<Map<String, Object>> served = study.jobs().stream()
                .filter(StudySnapshot.Job::served)
                .map(ReportProvenance::served)
                .toList();
        if (!served.isEmpty()) {
            provenance.put("served", served);
        }
        provenance.put(
                "evaluations",
                study.cells().stream()
                        .filter(cell -> cell.state() == WorkState.DONE)
                        .map(cell -> evaluation(jobs.get(cell.jobId()), cell))
                        .toList());
        provenance.put("failures", failures(study, jobs));
        return provenance;
    }

    private static String residentAs(StudySnapshot study) {
        String loaded = study.jobs().stream()
                .filter(job -> job.state() == WorkState.DONE && !job.served())
                .map(job -> job.sizes().residentAs())
                .distinct()
                .collect(Collectors.joining("; "));
        return loaded.isEmpty() ? "nothing was loaded here" : loaded;
    }

    private static Instant toSecond(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Map<String, Object> artifact(StudySnapshot.Job job) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("model", job.model());
        entry.put("recipe", job.recipe());
        entry.put("artifactId", job.artifactId());
        entry.put("sizes", job.sizes());
        entry.put("reused", job.reused());
        entry.put("provenance", job.provenance());
        return entry;
    }

    private static Map<String, Object> served(StudySnapshot.Job job) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("model", job.model());
        entry.put("method", job.method());
        entry.put("asStated", job.generator());
        return entry;
    }

    private static Map<String, Object> evaluation(StudySnapshot.Job job, StudySnapshot.Cell cell) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("evaluationId", cell.id());
        entry.put("model", job.model());
        entry.put("bits", job.bits());
        entry.put("method", job.method());
        entry.put("language", cell.benchmark().language());
        entry.put("benchmark", cell.benchmark().name());
        entry.put("tokens", cell.summary().tokens());
        entry.put("executions", cell.summary().executions());
        entry.put("verdicts", cell.summary().verdicts());
        entry.put("reused", cell.summary().reused());
        entry.put("provenance", new TreeMap<>(cell.summary().provenance()));
        return entry;
    }

    private static List<String> failures(StudySnapshot study, Map<UUID, StudySnapshot.Job> jobs) {
        return study.cells().stream()
                .filter(cell -> cell.state() == WorkState.FAILED)
                .map(cell -> {
                    StudySnapshot.Job job = jobs.get(cell.jobId());
                    return job.model() + " at " + job.bits() + " bits (" + job.method() + ") on "
                            + cell.benchmark().name() + " in "
                            + cell.benchmark().language() + ": " + cell.failure();
                })
                .toList();
    }
}
