package dev.fewbit.sandbox.language;

/** What a warm compiler answered. */
sealed interface Compilation {

    /** @param classes as {@code ProgramRunner} reads them: the tests' class, a count, then name, length and bytes of each */
    record Compiled(byte[] classes) implements Compilation {}

    /** The program is at fault. */
    record Refused(String message) implements Compilation {}

    /** The compiler broke or was too slow; a fresh one may do better. */
    record Surprised(String message) implements Compilation {}
}
