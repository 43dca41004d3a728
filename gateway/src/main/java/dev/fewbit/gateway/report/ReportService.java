package dev.fewbit.gateway.report;

import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.gateway.study.NothingFinishedException;
import dev.fewbit.gateway.study.StudyService;
import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes reports. A study that has not ended, or has failed in part, is reported with what is done. */
@ApplicationScoped
public class ReportService {
    private final StudyService studies;
    private final String version;

    ReportService(StudyService studies, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.studies = studies;
        this.version = version;
    }

    /**
     * The report of a study.
     *
     * @throws NothingFinishedException when no cell is done
     */
    public StudyReport of(String team, UUID id) {
        StudySnapshot study = studies.snapshot(team, id);
        if (study.cellsIn(WorkState.DONE) == 0) {
            throw new NothingFinishedException(id, study.head().state());
        }
        return ReportAssembly.of(study, version, Instant.now());
    }
}
