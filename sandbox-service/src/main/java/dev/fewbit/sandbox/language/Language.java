package dev.fewbit.sandbox.language;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.JudgingLine;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.sandbox.isolation.IsolationException;

/** How programs of a language are compiled, run and judged, always in jails. */
public interface Language extends AutoCloseable {

    ProgramLanguage id();

    Toolchain toolchain();

    /** Makes the first program as quick as later ones, where that takes something. */
    void warmUp() throws IsolationException, InterruptedException;

    /**
     * Executes a program in the jail of {@code slot}.
     *
     * @param tests {@code null} where the program is complete
     * @throws IsolationException when a jail failed; the program may be fine
     */
    LanguageRun run(String program, String tests, ExecutionLimits limits, int slot)
            throws IsolationException, InterruptedException;

    /**
     * What {@code tests}, {@code null} for none, ask of their judge.
     *
     * @throws IsolationException when they ask for something this build cannot do, which is not the program's doing
     */
    static JudgingLine asked(String tests) throws IsolationException {
        try {
            return tests == null ? JudgingLine.NONE : JudgingLine.of(tests);
        } catch (IllegalArgumentException e) {
            throw new IsolationException(e.getMessage(), e);
        }
    }

    /** Ends helpers that live beside programs. */
    @Override
    void close();
}
