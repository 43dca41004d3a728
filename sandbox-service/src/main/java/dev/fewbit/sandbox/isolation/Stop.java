package dev.fewbit.sandbox.isolation;

/** Who ended a jail's program. */
public enum Stop {
    /** It ended by itself. */
    NONE,
    WALL_TIME,
    CPU_TIME,
    MEMORY,
    OUTPUT
}
