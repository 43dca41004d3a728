package dev.fewbit.gateway.study;

import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.gateway.GatewayConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Looks at studies. A team sees its own; another's id is as unknown as one that does not exist. */
@ApplicationScoped
public class StudyService {
    private final StudyRepository studies;
    private final QuantizationJobRepository jobs;
    private final CellRepository cells;
    private final GatewayConfig.Limits limits;

    StudyService(StudyRepository studies, QuantizationJobRepository jobs, CellRepository cells, GatewayConfig config) {
        this.studies = studies;
        this.jobs = jobs;
        this.cells = cells;
        this.limits = config.limits();
    }

    /** The grid of a specification; nothing is written. */
    public StudyGrid grid(StudySpec spec) {
        return StudyGrid.of(spec, limits.cells());
    }

    /** @throws StudyNotFoundException when the team has no such study */
    @Transactional
    public StudySnapshot snapshot(String team, UUID id) {
        StudyRow study = studies.find(team, id).orElseThrow(() -> new StudyNotFoundException(id));
        return new StudySnapshot(
                study.head(),
                jobs.of(List.of(id)).stream().map(QuantizationJobRow::snapshot).toList(),
                cells.of(List.of(id)).stream().map(CellRow::snapshot).toList());
    }

    /** The team's studies, newest first. Three queries, however many there are. */
    @Transactional
    public List<StudySnapshot> newest(String team) {
        List<StudyRow> rows = studies.newest(team, limits.listedStudies());
        List<UUID> ids = rows.stream().map(row -> row.id).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<StudySnapshot.Job>> jobsOf = jobs.of(ids).stream()
                .collect(Collectors.groupingBy(
                        row -> row.studyId, Collectors.mapping(QuantizationJobRow::snapshot, Collectors.toList())));
        Map<UUID, List<StudySnapshot.Cell>> cellsOf = cells.of(ids).stream()
                .collect(Collectors.groupingBy(
                        row -> row.studyId, Collectors.mapping(CellRow::snapshot, Collectors.toList())));
        return rows.stream()
                .map(row -> new StudySnapshot(
                        row.head(), jobsOf.getOrDefault(row.id, List.of()), cellsOf.getOrDefault(row.id, List.of())))
                .toList();
    }
}
