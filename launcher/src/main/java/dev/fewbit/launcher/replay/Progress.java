package dev.fewbit.launcher.replay;

/** Is told how far a replay is; from several threads. */
public interface Progress {

    /** @param done of {@code total} programs, {@code passed} of them passed */
    void judged(int done, int total, int passed);
}
