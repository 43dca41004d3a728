package dev.fewbit.gateway.study;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

@ApplicationScoped
class QuantizationJobRepository implements PanacheRepositoryBase<QuantizationJobRow, UUID> {

    List<QuantizationJobRow> of(Collection<UUID> studies) {
        return list("studyId in ?1", Sort.by("position"), studies);
    }

    int open(UUID study) {
        return (int) count("studyId = ?1 and state = ?2", study, WorkState.OPEN);
    }
}
