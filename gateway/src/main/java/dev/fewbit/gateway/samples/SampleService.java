package dev.fewbit.gateway.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.fewbit.contracts.evaluation.SampleView;
import dev.fewbit.contracts.study.SampleLine;
import dev.fewbit.gateway.study.NothingFinishedException;
import dev.fewbit.gateway.study.StudyService;
import dev.fewbit.gateway.study.StudySnapshot;
import dev.fewbit.gateway.study.WorkState;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The samples of a study's finished cells, in the order of its grid. */
@ApplicationScoped
public class SampleService {
    private final StudyService studies;
    private final EvaluatorClient evaluator;
    private final ObjectMapper mapper;

    SampleService(StudyService studies, EvaluatorClient evaluator, ObjectMapper mapper) {
        this.studies = studies;
        this.evaluator = evaluator;
        this.mapper = mapper;
    }

    /** Writes lines of {@link SampleLine}; one line at a time is in memory. */
    @FunctionalInterface
    public interface Lines {
        /** @throws IOException when either side breaks off; what was written is then not all there is */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Opens the samples of a study.
     *
     * @throws NothingFinishedException when no cell is done
     * @throws EvaluatorUnavailableException when the evaluator does not answer for the first cell
     */
    public Lines open(String team, UUID id) {
        StudySnapshot study = studies.snapshot(team, id);
        List<StudySnapshot.Cell> done = study.cells().stream()
                .filter(cell -> cell.state() == WorkState.DONE)
                .toList();
        if (done.isEmpty()) {
            throw new NothingFinishedException(id, study.head().state());
        }
        Map<UUID, StudySnapshot.Job> jobs =
                study.jobs().stream().collect(Collectors.toMap(StudySnapshot.Job::id, Function.identity()));
        InputStream first = evaluator.samples(team, done.getFirst().id());
        return out -> {
            copy(first, done.getFirst(), jobs, out);
            for (StudySnapshot.Cell cell : done.subList(1, done.size())) {
                copy(evaluator.samples(team, cell.id()), cell, jobs, out);
            }
        };
    }

    private void copy(InputStream in, StudySnapshot.Cell cell, Map<UUID, StudySnapshot.Job> jobs, OutputStream out)
            throws IOException {
        StudySnapshot.Job job = jobs.get(cell.jobId());
        ObjectWriter writer = mapper.writerFor(SampleLine.class);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    SampleView sample = mapper.readValue(line, SampleView.class);
                    out.write(writer.writeValueAsBytes(line(job, cell, sample)));
                    out.write('\n');
                }
            }
        }
    }

    private static SampleLine line(StudySnapshot.Job job, StudySnapshot.Cell cell, SampleView sample) {
        return new SampleLine(
                job.model(),
                cell.benchmark().language(),
                job.bits(),
                job.method(),
                job.calibration(),
                sample.problem(),
                sample.index(),
                sample.program(),
                sample.verdict());
    }
}
