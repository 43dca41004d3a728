package dev.fewbit.sandbox.isolation;

/**
 * Runs commands in jails. The only way this service starts anything that touches a program: there is no implementation without
 * isolation.
 *
 * <p>Slots number the jails that exist at once; a slot is used by one jail at a time, and no two share a host user (as root) or a
 * control group. The caller hands them out.
 */
public interface Isolation extends AutoCloseable {

    /** How jails are built and limited, such as {@code bubblewrap+seccomp+cgroup-v1}. */
    String mode();

    /** The host uid of a slot's processes. */
    int uidOf(int slot);

    /**
     * Runs {@code jail} to its end with {@code stdin} as its standard input.
     *
     * @throws IsolationException when the jail itself failed, which says nothing about the program
     */
    JailReport run(Jail jail, int slot, byte[] stdin) throws IsolationException, InterruptedException;

    /**
     * Starts {@code jail} and leaves its standard input and output to the caller, for a helper that serves many requests.
     *
     * @throws IsolationException when it could not be started
     */
    JailedProcess start(Jail jail, int slot) throws IsolationException, InterruptedException;

    /** Kills what still runs and removes what was made on the host. */
    @Override
    void close();
}
