package dev.fewbit.launcher.supervisor;

import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child process and the thread that starts it, waits for its end and starts it again. A child that dies before it was ever
 * ready is not started again: that is a failure to start. The thread lives as long as its process, because the kernel ties a
 * parent-death signal to the thread that forked.
 */
public final class SupervisedChild {
    private static final Logger LOGGER = LoggerFactory.getLogger(SupervisedChild.class);
    private static final long POLL_MILLIS = 50;

    private final ChildSpec spec;
    private final Thread supervisor;
    private final Object monitor = new Object();

    private Process process;
    private boolean wasReady;
    private boolean stopping;
    private int restarts;
    private String failure;

    public SupervisedChild(ChildSpec spec) {
        this.spec = spec;
        this.supervisor =
                Thread.ofPlatform().daemon().name("supervise-" + spec.name()).unstarted(this::supervise);
    }

    public String name() {
        return spec.name();
    }

    public void start() {
        supervisor.start();
    }

    /** Process id of the running child; empty between a death and the restart. */
    public Optional<Long> pid() {
        synchronized (monitor) {
            return process != null && process.isAlive() ? Optional.of(process.pid()) : Optional.empty();
        }
    }

    /** How often it was started again. */
    public int restarts() {
        synchronized (monitor) {
            return restarts;
        }
    }

    /** One line when the child is given up; empty while it is worth waiting for. */
    public Optional<String> failure() {
        synchronized (monitor) {
            return Optional.ofNullable(failure);
        }
    }

    /**
     * Waits until the child can be used.
     *
     * @param givenUp a line when this child or another it is of no use without was given up
     * @throws LauncherException when it dies first or takes longer than its limit; the message names its log
     */
    public void awaitReady(Supplier<Optional<String>> givenUp) throws InterruptedException {
        Instant limit = Instant.now().plus(spec.startLimit());
        while (true) {
            Optional<String> failed = givenUp.get();
            if (failed.isPresent()) {
                throw LauncherException.failed(failed.get());
            }
            Optional<String> missing =
                    pid().isPresent() ? spec.readiness().missing() : Optional.of("its process is not running");
            if (missing.isEmpty()) {
                synchronized (monitor) {
                    wasReady = true;
                }
                return;
            }
            if (Instant.now().isAfter(limit)) {
                throw LauncherException.failed("%s is not ready after %d s (%s); see %s"
                        .formatted(name(), spec.startLimit().toSeconds(), missing.get(), spec.log()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Asks the child to stop and kills it when it does not do so in time. Returns when it is gone. */
    public void stop() {
        Process running;
        synchronized (monitor) {
            stopping = true;
            monitor.notifyAll();
            running = process;
        }
        if (running != null && running.isAlive()) {
            signal(spec.stopSignal(), Long.toString(running.pid()));
            if (!exited(running, spec.stopLimit())) {
                LOGGER.atWarn().addKeyValue("child", name()).log("did not stop in time, killed");
                running.destroyForcibly();
                exited(running, spec.stopLimit());
            }
        }
        try {
            supervisor.join(spec.stopLimit().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        RestartDelay delay = new RestartDelay();
        try {
            while (true) {
                Instant started = Instant.now();
                Process current = launch();
                if (current == null) {
                    return;
                }
                int status = current.waitFor();
                signal("KILL", "-" + current.pid());
                synchronized (monitor) {
                    if (stopping) {
                        return;
                    }
                    Duration pause = delay.afterDeath(Duration.between(started, Instant.now()));
                    LOGGER.atWarn()
                            .addKeyValue("child", name())
                            .addKeyValue("status", status)
                            .addKeyValue("pause", pause)
                            .log("child died");
                    if (!wasReady || delay.exhausted()) {
                        failure = "%s ended with status %d %s; see %s"
                                .formatted(
                                        name(),
                                        status,
                                        wasReady ? RestartDelay.MOST_DEATHS + " times in a row" : "while starting",
                                        spec.log());
                        return;
                    }
                    if (!pause(pause)) {
                        return;
                    }
                    restarts++;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts the process unless the child is to stop; {@code null} then, or when it cannot be started. */
    private Process launch() {
        synchronized (monitor) {
            if (stopping) {
                return null;
            }
            List<String> command = new ArrayList<>(List.of("setsid"));
            command.addAll(spec.command());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
            builder.environment().clear();
            builder.environment().putAll(spec.environment());
            try {
                process = builder.start();
                LOGGER.atInfo()
                        .addKeyValue("child", name())
                        .addKeyValue("pid", process.pid())
                        .log("child started");
                return process;
            } catch (IOException e) {
                LOGGER.atError().setCause(e).addKeyValue("child", name()).log("cannot start child");
                failure = "%s cannot be started: %s".formatted(name(), e.getMessage());
                return null;
            }
        }
    }

    /** Waits with the monitor held; {@code false} when the child is to stop. */
    private boolean pause(Duration duration) throws InterruptedException {
        long until = System.nanoTime() + duration.toNanos();
        long left = duration.toNanos();
        while (!stopping && left > 0) {
            monitor.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            left = until - System.nanoTime();
        }
        return !stopping;
    }

    private static boolean exited(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** A negative target is a whole process group, which is what a dead child may have left behind. */
    private static void signal(String signal, String target) {
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$1\" -- \"$2\" 2>/dev/null", "sh", signal, target)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).addKeyValue("target", target).log("cannot send signal " + signal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
