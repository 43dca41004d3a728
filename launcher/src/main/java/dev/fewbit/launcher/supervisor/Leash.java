package dev.fewbit.launcher.supervisor;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Runs another main class in this JVM and ends the JVM when standard input closes, so that no child outlives the launcher, however
 * that died. Usage: {@code java -cp … dev.fewbit.launcher.supervisor.Leash MAIN [ARGUMENT…]}. Depends on nothing but the JDK: it
 * stands on the class path of every service.
 */
public final class Leash {
    /** How long shutdown hooks may take once the launcher is gone; broker and database may be gone as well. */
    private static final long HALT_AFTER_SECONDS = 10;

    private Leash() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        hold();
        Method main = Class.forName(arguments[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            System.err.println(arguments[0] + " failed: " + e.getCause());
            System.exit(1);
        }
    }

    /** Starts to watch standard input. */
    public static void hold() {
        Thread.ofPlatform().daemon().name("leash").start(Leash::watch);
    }

    private static void watch() {
        try {
            while (System.in.read() >= 0) {
                // What is written to a child means nothing; only the end does.
            }
        } catch (IOException e) {
            System.err.println("standard input failed, taken for closed: " + e.getMessage());
        }
        Thread.ofPlatform().daemon().name("leash-halt").start(Leash::haltLater);
        System.exit(0);
    }

    private static void haltLater() {
        try {
            TimeUnit.SECONDS.sleep(HALT_AFTER_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
