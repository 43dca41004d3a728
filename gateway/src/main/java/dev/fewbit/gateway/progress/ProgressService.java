package dev.fewbit.gateway.progress;

import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.study.Stage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** Keeps the latest report of each subject and stage. */
@ApplicationScoped
@Transactional
public class ProgressService {
    private final Session session;

    ProgressService(Session session) {
        this.session = session;
    }

    /** Stores a report, unless a later one is there already: reports may come twice or out of order. */
    public void store(ProgressReport report) {
        session.createNativeMutationQuery("""
                        insert into progress (subject_id, stage, study_id, team, done, total, amount, at)
                        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                        on conflict (subject_id, stage) do update
                        set done = excluded.done, total = excluded.total, amount = excluded.amount, at = excluded.at
                        where excluded.at >= progress.at and excluded.study_id = progress.study_id
                        """)
                .setParameter(1, report.subjectId())
                .setParameter(2, report.stage().name())
                .setParameter(3, report.studyId())
                .setParameter(4, report.team())
                .setParameter(5, report.done())
                .setParameter(6, report.total())
                .setParameter(7, report.amount())
                .setParameter(8, report.at())
                .executeUpdate();
    }

    /** The latest reports by study; a study without any is missing. */
    public Map<UUID, List<SubjectProgress>> of(Collection<UUID> studies) {
        if (studies.isEmpty()) {
            return Map.of();
        }
        return session
                .createNativeQuery(
                        "select study_id, subject_id, stage, done, total, amount from progress where study_id in (?1)",
                        Object[].class)
                .setParameter(1, studies)
                .getResultList()
                .stream()
                .collect(Collectors.groupingBy(
                        row -> (UUID) row[0], Collectors.mapping(ProgressService::read, Collectors.toList())));
    }

    private static SubjectProgress read(Object[] row) {
        return new SubjectProgress(
                (UUID) row[1],
                Stage.valueOf((String) row[2]),
                ((Number) row[3]).longValue(),
                ((Number) row[4]).longValue(),
                ((Number) row[5]).longValue());
    }
}
