package dev.fewbit.sandbox.selftest;

import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Shows in real jails that they hold and that verdicts are right, before anything of a model is executed. */
public final class SelfTest {
    private final JailProbe probe;

    /**
     * @param canaryDirectory where a readable file is put that no jail may see
     * @param slot of its jails
     */
    public SelfTest(Isolation isolation, Path canaryDirectory, int slot) {
        this.probe = new JailProbe(isolation, canaryDirectory, slot);
    }

    /** Executes a program, for the check of verdicts. */
    @FunctionalInterface
    public interface Judge {
        Verdict verdictOf(ProgramLanguage language, String program, String tests)
                throws IsolationException, InterruptedException;
    }

    /** @throws IsolationException with one line when something can get out of a jail */
    public void runQuickly() throws IsolationException, InterruptedException {
        fail(probe.escapes());
    }

    /** @throws IsolationException with one line when a jail, a limit or a verdict does not hold */
    public void run(Collection<ProgramLanguage> languages, Judge judge)
            throws IsolationException, InterruptedException {
        List<String> found = new ArrayList<>(probe.escapes());
        found.addAll(probe.brokenLimits());
        for (ProgramLanguage language : languages) {
            for (CanonicalProgram program : CanonicalProgram.of(language)) {
                Verdict verdict = judge.verdictOf(language, program.source(), program.tests());
                if (verdict != program.expected()) {
                    found.add("a " + language + " program that should be " + program.expected() + " is " + verdict);
                }
            }
        }
        fail(found);
    }

    private static void fail(List<String> found) throws IsolationException {
        if (!found.isEmpty()) {
            throw new IsolationException("the sandbox does not hold, nothing is executed: " + String.join("; ", found));
        }
    }
}
