package dev.fewbit.evaluator.loop;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/** A named thread that repeats a step: at once while the step finds work, else after a pause or when woken. */
public final class Loop implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Loop.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    /** What is repeated. */
    @FunctionalInterface
    public interface Step {
        /** Does some work; {@code true} when there may be more. */
        boolean run();
    }

    private final String name;
    private final Duration pause;
    private final Step step;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private volatile boolean stopping;

    /**
     * @param name of the thread
     * @param pause between steps that found nothing to do
     */
    public Loop(String name, Duration pause, Step step) {
        this.name = name;
        this.pause = pause;
        this.step = step;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::repeat);
    }

    public void start() {
        thread.start();
    }

    /** Ends the pause at once. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Asked to stop: a long step should end early. */
    public boolean isStopping() {
        return stopping;
    }

    /** Lets the step in progress end, and no other begins. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            if (!thread.join(STOP_PATIENCE)) {
                LOGGER.warnf("%s is still busy after %s", name, STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat() {
        while (!stopping) {
            boolean more;
            Duration rest = pause;
            try {
                more = step.run();
            } catch (RuntimeException e) {
                // Whatever it was (the database restarting, a broker gone), the rows still say what is to be done.
                if (!stopping) {
                    LOGGER.errorf(e, "%s failed and goes on after %s", name, PAUSE_AFTER_FAILURE);
                }
                more = false;
                rest = PAUSE_AFTER_FAILURE;
            }
            if (!more) {
                await(rest);
            }
        }
    }

    private void await(Duration rest) {
        lock.lock();
        try {
            long left = rest.toNanos();
            while (!woken && !stopping && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } catch (InterruptedException e) {
            stopping = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
