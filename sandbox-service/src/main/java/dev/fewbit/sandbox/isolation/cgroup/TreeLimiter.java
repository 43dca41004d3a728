package dev.fewbit.sandbox.isolation.cgroup;

/** What limits memory and number of processes of a jail's whole tree. */
public sealed interface TreeLimiter extends AutoCloseable permits ControlGroups, Watchdog {

    /** Its name in every result. */
    String mode();

    /** The group of a slot, made when it is first asked for. */
    SlotGroup slot(int slot);

    @Override
    void close();
}
