package dev.fewbit.sandbox;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Configuration of the sandbox-service. There is no key that switches isolation off. */
@ConfigMapping(prefix = "fewbit.sandbox")
public interface SandboxConfig {

    /** Root of the object store, for programs and tests too long for an event. */
    Path store();

    /** Programs executed at once; without it, one a core: more would only make each wait for the others. */
    Optional<Integer> concurrency();

    /**
     * Where a directory of helper files is made; without it, the directory for temporary files. As root every directory above it
     * must be open to all, because jails are built as a user that may enter nothing else. Programs never write there.
     */
    Optional<Path> scratch();

    /** The first of a range of users that nothing else has: as root, the jails of slot n run as this one plus n. */
    @WithDefault("60001")
    int firstUid();

    /** Whether control groups limit the tree where they can be written; without, a watchdog does. */
    @WithDefault("true")
    boolean controlGroups();

    /** Directories to look for bubblewrap and interpreters in; the service's own PATH without it. */
    Optional<String> path();

    /** What is kept of a program's output; an event carries at most 8 KiB of each. */
    Output output();

    Compiler compiler();

    /** The head and the tail that are kept. */
    interface Output {
        /** First bytes. */
        @WithDefault("4K")
        MemorySize head();

        /** Last bytes, kept when the output is longer than both. */
        @WithDefault("4K")
        MemorySize tail();
    }

    /** The warm Java compilers, each in a jail of its own. */
    interface Compiler {
        /** How many; one serves about 60 programs a second, more than two cores can run. */
        @WithDefault("1")
        int processes();

        /** Compiles after which a process is replaced, so that nothing gathers in it. */
        @WithDefault("500")
        int replaceAfter();

        /** Longest compile; javac needs a fraction of a second for what people write. */
        @WithDefault("PT20S")
        Duration timeout();
    }
}
