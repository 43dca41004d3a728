package dev.fewbit.sandbox.execution;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.sandbox.isolation.IsolationException;
import java.util.List;

/**
 * Executes programs in this process's jails, without a service or a broker: what a command line needs. Close it, and no jail is left.
 */
public final class LocalExecutor implements AutoCloseable {
    private final ExecutionEngine engine;

    private LocalExecutor(ExecutionEngine engine) {
        this.engine = engine;
    }

    /**
     * Prepares jails and checks in a real one that it holds.
     *
     * @throws IsolationException with one line that says what is missing or what did not hold; nothing can be executed then
     */
    public static LocalExecutor open() throws IsolationException, InterruptedException {
        return open(EngineSettings.local());
    }

    /** @see #open() */
    public static LocalExecutor open(EngineSettings settings) throws IsolationException, InterruptedException {
        ExecutionEngine engine = ExecutionEngine.open(settings);
        try {
            engine.selfTest().runQuickly();
            return new LocalExecutor(engine);
        } catch (IsolationException | InterruptedException e) {
            engine.close();
            throw e;
        }
    }

    public List<LanguageView> languages() {
        return engine.languages();
    }

    /** Worth its second or two before many Java programs, not before one. */
    public void warmUp() throws IsolationException, InterruptedException {
        engine.warmUp();
    }

    /**
     * Executes one program.
     *
     * @param tests appended after a newline, {@code null} where the program is complete
     */
    public Execution execute(ProgramLanguage language, String program, String tests, ExecutionLimits limits)
            throws LanguageUnavailableException, InterruptedException {
        return engine.execute(language, program, tests, limits);
    }

    @Override
    public void close() {
        engine.close();
    }
}
