package dev.fewbit.quantizer.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.quantizer.QuantizerConfig;
import dev.fewbit.quantizer.artifact.StoredArtifact;
import dev.fewbit.quantizer.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The life of a job, one transaction a step: taken in, claimed, renewed, ended. */
@ApplicationScoped
public class JobService {
    private final JobRepository jobs;
    private final Outbox outbox;
    private final ObjectMapper mapper;
    private final QuantizerConfig config;

    JobService(JobRepository jobs, Outbox outbox, ObjectMapper mapper, QuantizerConfig config) {
        this.jobs = jobs;
        this.outbox = outbox;
        this.mapper = mapper;
        this.config = config;
    }

    /** Takes a request in. A repeat of a known job changes nothing. */
    @Transactional
    public void accept(QuantizationRequest request) {
        jobs.add(request.jobId(), request.team(), request.studyId(), request.checkpoint(), json(request.recipe()));
    }

    /** Cancels what a study still waits for, and what of it comes later. */
    @Transactional
    public void cancel(UUID studyId) {
        jobs.cancel(studyId);
    }

    /** Claims a job for {@code worker}; jobs that used up their attempts are given up first. */
    @Transactional
    public Optional<ClaimedJob> claim(String worker, Duration lease) {
        for (JobRow row : jobs.exhausted(config.attempts())) {
            end(
                    claimed(row),
                    new JobOutcome.Refused("given up after " + (row.attempt - row.released)
                            + " attempts: each time the worker died or lost touch with the database"));
        }
        return jobs.claim(worker, lease).map(this::claimed);
    }

    /** Whether {@code job} is still ours for another {@code lease}. */
    @Transactional
    public boolean renew(ClaimedJob job, Duration lease) {
        return jobs.renew(job.id(), job.attempt(), lease);
    }

    /**
     * Ends a job: the row, the result's event and the last progress report are one transaction.
     *
     * @return false when the attempt was fenced: then nothing was written
     */
    @Transactional
    public boolean finish(ClaimedJob job, JobOutcome outcome) {
        return end(job, outcome);
    }

    /**
     * Lets a job go after a fault that is not its own, to be tried again after a pause; one that used up its attempts fails.
     *
     * @param reason one line for a person
     */
    @Transactional
    public void retryLater(ClaimedJob job, String reason) {
        int used = job.attempt() - job.released();
        if (used >= config.attempts()) {
            end(job, new JobOutcome.Refused("given up after " + used + " attempts: " + reason));
        } else {
            jobs.release(job.id(), job.attempt(), config.retryPause());
        }
    }

    /** Lets a job go at once, for another worker to take: this one is shutting down. Not counted as an attempt. */
    @Transactional
    public void release(ClaimedJob job) {
        jobs.giveBack(job.id(), job.attempt());
    }

    private boolean end(ClaimedJob job, JobOutcome outcome) {
        boolean current = switch (outcome) {
            case JobOutcome.Made(StoredArtifact a) ->
                jobs.finish(job.id(), job.attempt(), JobStatus.DONE, a.id(), a.seconds(), a.reused(), null);
            case JobOutcome.Refused(String message) ->
                jobs.finish(job.id(), job.attempt(), JobStatus.FAILED, null, null, null, message);
        };
        if (current) {
            if (outcome instanceof JobOutcome.Made(StoredArtifact artifact)) {
                outbox.add(Topics.PROGRESS, job.studyId(), lastReport(job, artifact));
            }
            outbox.add(Topics.QUANTIZATION_RESULTS, job.studyId(), result(job, outcome));
        }
        return current;
    }

    private static QuantizationResult result(ClaimedJob job, JobOutcome outcome) {
        UUID eventId = eventId("result", job);
        return switch (outcome) {
            case JobOutcome.Made(StoredArtifact a) ->
                new QuantizationResult(
                        Event.SCHEMA_VERSION,
                        eventId,
                        job.team(),
                        job.id(),
                        job.studyId(),
                        job.attempt(),
                        a.id(),
                        a.manifest().sizes(),
                        a.manifest().provenance(),
                        a.seconds(),
                        a.reused(),
                        null);
            case JobOutcome.Refused(String message) ->
                new QuantizationResult(
                        Event.SCHEMA_VERSION,
                        eventId,
                        job.team(),
                        job.id(),
                        job.studyId(),
                        job.attempt(),
                        null,
                        null,
                        null,
                        0,
                        false,
                        message);
        };
    }

    private static ProgressReport lastReport(ClaimedJob job, StoredArtifact artifact) {
        return new ProgressReport(
                Event.SCHEMA_VERSION,
                eventId("progress", job),
                job.team(),
                job.studyId(),
                job.id(),
                Stage.QUANTIZE,
                artifact.linears(),
                artifact.linears(),
                artifact.linearWeights(),
                Instant.now());
    }

    /** The same for repeats of one event, so that consumers can drop them. */
    private static UUID eventId(String kind, ClaimedJob job) {
        String name = kind + "/" + job.id() + "/" + job.attempt();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private ClaimedJob claimed(JobRow row) {
        try {
            Recipe recipe = mapper.readValue(row.recipe, Recipe.class);
            return new ClaimedJob(
                    row.id, row.attempt, row.released, row.team, row.studyId, row.checkpoint, recipe, row.createdAt);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "job " + row.id + " holds a recipe that was not written by this service", e);
        }
    }

    private String json(Recipe recipe) {
        try {
            return mapper.writeValueAsString(recipe);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipe is always JSON", e);
        }
    }
}
