package dev.fewbit.gateway.study;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

@ApplicationScoped
class CellRepository implements PanacheRepositoryBase<CellRow, UUID> {

    List<CellRow> of(Collection<UUID> studies) {
        return list("studyId in ?1", Sort.by("position"), studies);
    }

    List<CellRow> ofJob(UUID job) {
        return list("jobId", Sort.by("position"), job);
    }

    int in(UUID study, WorkState state) {
        return (int) count("studyId = ?1 and state = ?2", study, state);
    }

    String firstFailure(UUID study) {
        return find("studyId = ?1 and state = ?2", Sort.by("position"), study, WorkState.FAILED)
                .firstResultOptional()
                .map(cell -> cell.failure)
                .orElse(null);
    }
}
