package dev.fewbit.quantizer.job;

import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.QuantizerConfig;
import dev.fewbit.quantizer.artifact.BuildObserver;
import dev.fewbit.quantizer.artifact.BuildStoppedException;
import dev.fewbit.quantizer.artifact.StoredQuantization;
import dev.fewbit.quantizer.work.WorkStep;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Does the work of one claimed job. */
@ApplicationScoped
class JobRunner {
    private static final Logger LOGGER = Logger.getLogger(JobRunner.class);
    private static final long REPORT_EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final StoredQuantization quantization;
    private final ProgressPublisher progress;
    private final Path root;

    JobRunner(StoredQuantization quantization, ProgressPublisher progress, QuantizerConfig config) {
        this.quantization = quantization;
        this.progress = progress;
        this.root = config.root();
    }

    /**
     * Makes or finds the artifact.
     *
     * @param stop whether to stop at the next linear
     * @throws BuildStoppedException when it stopped
     * @throws IOException when checkpoint or store cannot be read or written: worth another try
     */
    JobOutcome run(ClaimedJob job, BooleanSupplier stop) throws IOException {
        try {
            return new JobOutcome.Made(quantization.quantize(
                    root.resolve(job.checkpoint()), job.recipe(), job.askedAt(), observer(job, stop)));
        } catch (InvalidCheckpointException | QuantizationException e) {
            return new JobOutcome.Refused(e.getMessage());
        }
    }

    private BuildObserver observer(ClaimedJob job, BooleanSupplier stop) {
        return new BuildObserver() {
            private long reportedAt = System.nanoTime() - REPORT_EVERY_NANOS;

            private int done;
            private long weights;

            @Override
            public void linearsWritten(int written, int total, long inThem) {
                weights = inThem;
                reached(written, total);
            }

            @Override
            public void working(WorkStep step) {
                reached(step.linears(), step.total());
            }

            @Override
            public void note(String line) {
                LOGGER.infof("job %s: %s", job.id(), line);
            }

            private void reached(int linears, int total) {
                if (stop.getAsBoolean()) {
                    throw new BuildStoppedException("job " + job.id() + " stopped after " + linears + " linears");
                }
                // Linears are done before they are written: the larger count is true.
                done = Math.max(done, linears);
                if (System.nanoTime() - reportedAt >= REPORT_EVERY_NANOS) {
                    reportedAt = System.nanoTime();
                    progress.publish(report(job, done, total, weights));
                }
            }
        };
    }

    private static ProgressReport report(ClaimedJob job, int done, int total, long weights) {
        return new ProgressReport(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                job.team(),
                job.studyId(),
                job.id(),
                Stage.QUANTIZE,
                done,
                total,
                weights,
                Instant.now());
    }
}
