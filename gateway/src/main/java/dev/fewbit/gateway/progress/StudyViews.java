package dev.fewbit.gateway.progress;

import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.study.StudyService;
import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Studies as the API shows them: rows and progress together. */
@ApplicationScoped
@Transactional
public class StudyViews {
    private final StudyService studies;
    private final ProgressService progress;

    StudyViews(StudyService studies, ProgressService progress) {
        this.studies = studies;
        this.progress = progress;
    }

    /** One study; throws as {@link StudyService#snapshot} does. */
    public StudyView of(String team, UUID id) {
        StudySnapshot study = studies.snapshot(team, id);
        return view(study, progress.of(List.of(id)).getOrDefault(id, List.of()));
    }

    /** The team's studies, newest first. */
    public List<StudyView> newest(String team) {
        List<StudySnapshot> newest = studies.newest(team);
        Map<UUID, List<SubjectProgress>> reports =
                progress.of(newest.stream().map(study -> study.head().id()).toList());
        return newest.stream()
                .map(study -> view(study, reports.getOrDefault(study.head().id(), List.of())))
                .toList();
    }

    static StudyView view(StudySnapshot study, List<SubjectProgress> reports) {
        StudySnapshot.Head head = study.head();
        return new StudyView(
                head.id(),
                head.team(),
                head.name(),
                head.digest(),
                head.state(),
                head.createdAt(),
                head.finishedAt(),
                study.cells().size(),
                study.cellsIn(WorkState.DONE),
                ProgressSum.of(study, reports),
                head.failure());
    }
}
