package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.stack.Stack;

/** Runs a body on a started stack and stops the stack afterwards, whether the body returns, fails, or a signal arrives. */
final class RunningStack {
    /** Exit status after Ctrl-C. */
    static final int INTERRUPTED = 130;

    private RunningStack() {}

    /**
     * Starts {@code stack}, runs {@code body}, stops the stack.
     *
     * @param onSignal runs first when SIGINT or SIGTERM arrives
     * @param statusOnSignal exit status of the process then
     */
    static void run(Stack stack, Runnable onSignal, int statusOnSignal, Body body) throws InterruptedException {
        Thread hook = Thread.ofPlatform().name("stop-on-signal").unstarted(() -> {
            onSignal.run();
            stack.close();
            // The main thread may be in the middle of anything; nothing that it could still do counts.
            Runtime.getRuntime().halt(statusOnSignal);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            stack.start();
            body.run();
        } finally {
            if (!remove(hook)) {
                hook.join();
            }
            stack.close();
        }
    }

    /** {@code false} when the hook is already running. */
    private static boolean remove(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down: a signal came first.
            return false;
        }
    }

    /** What is done while the stack is up. */
    interface Body {
        void run() throws InterruptedException;
    }
}
