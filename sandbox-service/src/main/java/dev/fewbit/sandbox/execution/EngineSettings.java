package dev.fewbit.sandbox.execution;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What an engine is built from.
 *
 * @param scratch where its directory of helper files is made; programs never write there
 * @param path directories to look for bubblewrap and interpreters in, joined by {@code :}
 * @param concurrency programs at once
 * @param firstUid of the users that jails run as when the service is root: one a slot, counting up
 * @param controlGroups whether control groups are used where they can be written
 * @param compilers warm compiler processes
 * @param compilesPerCompiler after which one is replaced
 * @param compileTimeout of one program
 * @param outputHeadBytes of a program's output that are kept
 * @param outputTailBytes of its end that are kept when it is cut
 */
public record EngineSettings(
        Path scratch,
        String path,
        int concurrency,
        int firstUid,
        boolean controlGroups,
        int compilers,
        int compilesPerCompiler,
        Duration compileTimeout,
        int outputHeadBytes,
        int outputTailBytes) {

    /** The first uid of jails when nothing else is configured. */
    public static final int DEFAULT_FIRST_UID = 60001;

    private static final int DEFAULT_COMPILES = 500;
    private static final Duration DEFAULT_COMPILE_TIMEOUT = Duration.ofSeconds(20);
    private static final int DEFAULT_OUTPUT_BYTES = 4096;

    public EngineSettings {
        if (concurrency < 1 || compilers < 1 || compilesPerCompiler < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency + ", compilers " + compilers
                    + " and compiles per compiler " + compilesPerCompiler + " must be at least 1");
        }
    }

    /** Those of a single execution from a command line. */
    public static EngineSettings local() {
        return new EngineSettings(
                Path.of(System.getProperty("java.io.tmpdir")),
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                1,
                DEFAULT_FIRST_UID,
                true,
                1,
                DEFAULT_COMPILES,
                DEFAULT_COMPILE_TIMEOUT,
                DEFAULT_OUTPUT_BYTES,
                DEFAULT_OUTPUT_BYTES);
    }

    /** The same with another number of programs at once. */
    public EngineSettings withConcurrency(int programs) {
        return new EngineSettings(
                scratch,
                path,
                programs,
                firstUid,
                controlGroups,
                compilers,
                compilesPerCompiler,
                compileTimeout,
                outputHeadBytes,
                outputTailBytes);
    }

    /** The same with another number of warm compilers. */
    public EngineSettings withCompilers(int processes) {
        return new EngineSettings(
                scratch,
                path,
                concurrency,
                firstUid,
                controlGroups,
                processes,
                compilesPerCompiler,
                compileTimeout,
                outputHeadBytes,
                outputTailBytes);
    }

    /** The same without control groups: a watchdog limits memory. */
    public EngineSettings withoutControlGroups() {
        return new EngineSettings(
                scratch,
                path,
                concurrency,
                firstUid,
                false,
                compilers,
                compilesPerCompiler,
                compileTimeout,
                outputHeadBytes,
                outputTailBytes);
    }
}
