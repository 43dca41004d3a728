package dev.fewbit.launcher.study;

import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one study through a running stack: goes on with it when it is already under way, submits it otherwise, follows it and fetches
 * its results. The gateway may be restarted at any time meanwhile; every request is repeated until it answers or the stack is given up.
 */
public final class StudyRun {
    private static final Logger LOGGER = LoggerFactory.getLogger(StudyRun.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final GatewayClient gateway;
    private final Supplier<Optional<String>> stackFailure;
    private final Clock clock;
    private Instant heard;

    /**
     * @param stackFailure a line when a child was given up
     * @param clock measures how long the gateway has been silent
     */
    public StudyRun(GatewayClient gateway, Supplier<Optional<String>> stackFailure, Clock clock) {
        this.gateway = gateway;
        this.stackFailure = stackFailure;
        this.clock = clock;
        this.heard = clock.instant();
    }

    /**
     * The study's view: of one under way with the same specification, or of a new one.
     *
     * @return and whether it was under way
     */
    public Submission submit(StudyFile study) throws InterruptedException {
        Optional<StudyView> running = persistently("list studies", () -> gateway.running(study.digest()));
        if (running.isPresent()) {
            return new Submission(running.get(), true);
        }
        return new Submission(persistently("submit the study", new Submit(study)), false);
    }

    /**
     * Waits for the study's end.
     *
     * @param listener gets each change
     * @throws LauncherException when the study failed or was cancelled, or a child was given up
     */
    public StudyView follow(StudyView study, Consumer<StudyView> listener) throws InterruptedException {
        StudyView last = study;
        heard = clock.instant();
        while (!last.state().isFinal()) {
            try {
                last = gateway.events(study.id(), listener, this::stillThere).orElse(last);
            } catch (IOException e) {
                LOGGER.atInfo().addKeyValue("reason", e.getMessage()).log("event stream broke, connecting again");
            }
            if (!last.state().isFinal()) {
                giveUp("follow the study");
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
            }
        }
        if (last.state() != StudyState.COMPLETED) {
            throw LauncherException.failed("study %s: %s"
                    .formatted(last.state().label(), last.failure() == null ? "no reason given" : last.failure()));
        }
        return last;
    }

    /** Fetches the results of a finished study and writes them. */
    public StudyReport results(StudyView study, ResultFiles files) throws InterruptedException {
        String report = persistently("fetch the report", () -> gateway.report(study.id()));
        String page = persistently("fetch the report page", () -> gateway.reportPage(study.id()));
        persistently("fetch the samples", () -> {
            try (InputStream samples = gateway.samples(study.id())) {
                return files.samples(samples);
            }
        });
        files.report(report);
        files.page(page);
        return gateway.parse(report);
    }

    private <T> T persistently(String what, Request<T> request) throws InterruptedException {
        heard = clock.instant();
        while (true) {
            try {
                return request.send();
            } catch (IOException e) {
                LOGGER.atInfo().addKeyValue("reason", e.getMessage()).log("cannot " + what + " yet");
            }
            giveUp(what);
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
        }
    }

    /** The gateway's heartbeats go on when a service that the study needs was given up. */
    private void stillThere() {
        heard = clock.instant();
        refuseBrokenStack();
    }

    private void refuseBrokenStack() {
        stackFailure.get().ifPresent(line -> {
            throw LauncherException.failed(line);
        });
    }

    private void giveUp(String what) {
        refuseBrokenStack();
        if (Duration.between(heard, clock.instant()).compareTo(PATIENCE) > 0) {
            throw LauncherException.failed(
                    "cannot %s: the gateway has not answered for %d min".formatted(what, PATIENCE.toMinutes()));
        }
    }

    /** Submits once: a try whose answer was lost may have been heard, so that later ones look first. */
    private final class Submit implements Request<StudyView> {
        private final StudyFile study;
        private boolean tried;

        private Submit(StudyFile study) {
            this.study = study;
        }

        @Override
        public StudyView send() throws IOException, InterruptedException {
            Optional<StudyView> arrived = tried ? gateway.running(study.digest()) : Optional.empty();
            tried = true;
            return arrived.isPresent() ? arrived.get() : gateway.submit(study.spec());
        }
    }

    /**
     * A study that the gateway works on.
     *
     * @param view as it stood when it was found
     * @param goesOn it had been submitted by an earlier run
     */
    public record Submission(StudyView view, boolean goesOn) {}

    private interface Request<T> {
        T send() throws IOException, InterruptedException;
    }
}
