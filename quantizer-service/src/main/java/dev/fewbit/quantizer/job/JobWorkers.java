package dev.fewbit.quantizer.job;

import dev.fewbit.quantizer.QuantizerConfig;
import dev.fewbit.quantizer.artifact.BuildStoppedException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The threads that claim jobs and work them off, and the heartbeats that keep their claims. */
@ApplicationScoped
public class JobWorkers {
    private static final Logger LOGGER = Logger.getLogger(JobWorkers.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    private final JobService jobs;
    private final JobRunner runner;
    private final QuantizerConfig config;
    private final String instance = UUID.randomUUID().toString();
    private final ExecutorService workers = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("quantizer-worker-", 0).factory());
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("quantizer-heartbeat").daemon().factory());
    private final Semaphore arrivals = new Semaphore(0);
    private volatile boolean stopping;

    JobWorkers(JobService jobs, JobRunner runner, QuantizerConfig config) {
        this.jobs = jobs;
        this.runner = runner;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        for (int i = 0; i < config.workers(); i++) {
            workers.execute(this::work);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        arrivals.release(config.workers());
        workers.shutdown();
        if (!workers.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOGGER.warn("a job did not stop in time; its lease will run out");
        }
        heartbeats.shutdownNow();
    }

    /** A job has arrived: an idle worker looks at once. */
    public void wake() {
        arrivals.release();
    }

    /**
     * Claims one job and works on it until it ends.
     *
     * @return false when none was waiting
     */
    public boolean runOne() {
        Optional<ClaimedJob> claimed = jobs.claim(instance, config.lease());
        claimed.ifPresent(this::run);
        return claimed.isPresent();
    }

    private void work() {
        while (!stopping) {
            try {
                if (!runOne()) {
                    boolean woken = arrivals.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS);
                    LOGGER.tracef("looking for jobs, woken: %s", woken);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // A database that is away shows in many types; the worker must outlive it.
                LOGGER.errorf(e, "job table not reached, trying again");
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(config.poll().toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run(ClaimedJob job) {
        LOGGER.infof("quantization started, job %s, attempt %d, %s", job.id(), job.attempt(), job.recipe());
        try (Lease lease =
                new Lease(heartbeats, () -> jobs.renew(job, config.lease()), config.heartbeat(), config.lease())) {
            JobOutcome outcome = runner.run(job, () -> stopping || lease.lost());
            if (!jobs.finish(job, outcome)) {
                LOGGER.warnf("result dropped, job %s, attempt %d no longer holds it", job.id(), job.attempt());
            } else if (outcome instanceof JobOutcome.Refused(String message)) {
                LOGGER.warnf("quantization refused, job %s: %s", job.id(), message);
            } else {
                LOGGER.infof("quantization finished, job %s", job.id());
            }
        } catch (BuildStoppedException e) {
            LOGGER.infof("quantization stopped, %s", e.getMessage());
            jobs.release(job);
        } catch (IOException | RuntimeException e) {
            // Disk, store, database or a fault of ours: the job is tried again, but not for ever, and not left to its
            // lease.
            LOGGER.errorf(e, "quantization failed, job %s, attempt %d", job.id(), job.attempt());
            jobs.retryLater(job, oneLine(e));
        }
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
