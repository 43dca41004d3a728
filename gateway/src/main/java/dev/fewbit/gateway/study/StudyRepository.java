package dev.fewbit.gateway.study;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class StudyRepository implements PanacheRepositoryBase<StudyRow, UUID> {

    Optional<StudyRow> find(String team, UUID id) {
        return find("id = ?1 and team = ?2", id, team).firstResultOptional();
    }

    /** The row, held until the transaction ends: results of one study are counted one after another. */
    Optional<StudyRow> lock(UUID id) {
        return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
    }

    List<StudyRow> newest(String team, int limit) {
        return find("team", Sort.descending("createdAt").and("id", Sort.Direction.Descending), team)
                .page(0, limit)
                .list();
    }
}
