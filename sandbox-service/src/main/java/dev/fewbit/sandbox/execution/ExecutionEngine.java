package dev.fewbit.sandbox.execution;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.isolation.BubblewrapIsolation;
import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.JailFiles;
import dev.fewbit.sandbox.language.CompilerSettings;
import dev.fewbit.sandbox.language.JavaLanguage;
import dev.fewbit.sandbox.language.Language;
import dev.fewbit.sandbox.language.LanguageRun;
import dev.fewbit.sandbox.language.PythonLanguage;
import dev.fewbit.sandbox.language.ToolchainMissingException;
import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import dev.fewbit.sandbox.outcome.VerdictRules;
import dev.fewbit.sandbox.selftest.SelfTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Executes programs: hands out slots, runs each in a jail, tries again what the sandbox itself broke, and runs once more, alone, what
 * was late by the clock on an overloaded machine.
 */
public final class ExecutionEngine implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ExecutionEngine.class.getName());
    private static final List<Duration> BACK_OFF =
            List.of(Duration.ofMillis(50), Duration.ofMillis(300), Duration.ofSeconds(1));

    private final EngineSettings settings;
    private final JailFiles files;
    private final Isolation isolation;
    private final Map<ProgramLanguage, Language> languages = new EnumMap<>(ProgramLanguage.class);
    private final Map<ProgramLanguage, String> missing = new EnumMap<>(ProgramLanguage.class);
    private final BlockingQueue<Integer> slots;
    private final MachineLoad load;
    /** Programs share it; one that is run again alone takes it whole. */
    private final ReadWriteLock machine = new ReentrantReadWriteLock(true);

    private ExecutionEngine(EngineSettings settings, JailFiles files, Isolation isolation, MachineLoad load) {
        this.settings = settings;
        this.files = files;
        this.isolation = isolation;
        this.load = load;
        this.slots = new ArrayBlockingQueue<>(settings.concurrency());
        for (int slot = 0; slot < settings.concurrency(); slot++) {
            slots.add(slot);
        }
    }

    /**
     * Prepares jails and looks for toolchains; runs nothing.
     *
     * @throws IsolationException when this machine has nothing to build jails with
     */
    public static ExecutionEngine open(EngineSettings settings) throws IsolationException {
        JailFiles files = JailFiles.create(settings.scratch());
        try {
            Isolation isolation =
                    BubblewrapIsolation.open(files, settings.path(), settings.firstUid(), settings.controlGroups());
            ExecutionEngine engine = new ExecutionEngine(settings, files, isolation, MachineLoad.ofThisMachine());
            engine.findLanguages();
            return engine;
        } catch (IsolationException e) {
            remove(files);
            throw e;
        }
    }

    private void findLanguages() throws IsolationException {
        CompilerSettings compilers = new CompilerSettings(
                settings.compilers(),
                settings.concurrency(),
                settings.compilesPerCompiler(),
                settings.compileTimeout());
        try {
            for (ProgramLanguage language : ProgramLanguage.values()) {
                try {
                    languages.put(
                            language,
                            switch (language) {
                                case PYTHON -> PythonLanguage.open(isolation, files, settings.path());
                                case JAVA -> JavaLanguage.open(isolation, files, compilers);
                            });
                } catch (ToolchainMissingException e) {
                    missing.put(language, e.getMessage());
                }
            }
        } catch (IOException e) {
            close();
            throw new IsolationException("files for jails cannot be written: " + e.getMessage(), e);
        }
    }

    /** How jails are built and limited here. */
    public String isolationMode() {
        return isolation.mode();
    }

    /** The check of this engine's jails; it uses a slot that programs use too, so it comes before them. */
    public SelfTest selfTest() {
        return new SelfTest(isolation, files.root(), 0);
    }

    /**
     * Runs the whole self-test, every installed language included.
     *
     * @throws IsolationException with one line that says what did not hold
     */
    public void proveItself() throws IsolationException, InterruptedException {
        selfTest().run(languages.keySet(), this::verdictOf);
    }

    private Verdict verdictOf(ProgramLanguage id, String program, String tests)
            throws IsolationException, InterruptedException {
        try {
            return execute(id, program, tests, ExecutionLimits.of(id)).outcome().verdict();
        } catch (LanguageUnavailableException e) {
            throw new IsolationException(e.getMessage(), e);
        }
    }

    /** Every language, those not installed included. */
    public List<LanguageView> languages() {
        return Arrays.stream(ProgramLanguage.values())
                .map(id -> new LanguageView(
                        id,
                        languages.containsKey(id),
                        languages.containsKey(id)
                                ? languages.get(id).toolchain().toString()
                                : null,
                        VerdictRules.JUDGE_VERSION))
                .toList();
    }

    /** Makes the first programs as quick as later ones. */
    public void warmUp() throws IsolationException, InterruptedException {
        for (Language language : languages.values()) {
            language.warmUp();
        }
    }

    /**
     * Executes a program; waits for a free slot first.
     *
     * @param tests {@code null} where the program is complete
     * @return never {@code null}; what the sandbox could not do in several tries is an infrastructure fault
     */
    public Execution execute(ProgramLanguage id, String program, String tests, ExecutionLimits limits)
            throws LanguageUnavailableException, InterruptedException {
        Language language = languages.get(id);
        if (language == null) {
            throw new LanguageUnavailableException(id, missing.get(id));
        }
        long begin = System.nanoTime();
        int slot = slots.take();
        try {
            Duration queued = Duration.ofNanos(System.nanoTime() - begin);
            machine.readLock().lockInterruptibly();
            Execution execution;
            try {
                execution = withRetries(language, program, tests, limits, slot, queued);
            } finally {
                machine.readLock().unlock();
            }
            int running = settings.concurrency() - slots.size();
            if (execution.outcome() instanceof ExecutionOutcome.TimedOut late
                    && late.byWallTime()
                    && load.isHigh(running)) {
                LOGGER.log(DEBUG, "a program was late by the clock on an overloaded machine; it runs again, alone");
                machine.writeLock().lockInterruptibly();
                try {
                    return withRetries(language, program, tests, limits, slot, queued);
                } finally {
                    machine.writeLock().unlock();
                }
            }
            return execution;
        } finally {
            slots.add(slot);
        }
    }

    private Execution withRetries(
            Language language, String program, String tests, ExecutionLimits limits, int slot, Duration queued)
            throws InterruptedException {
        ExecutionOutcome fault = null;
        for (int attempt = 0; attempt <= BACK_OFF.size(); attempt++) {
            if (attempt > 0) {
                Thread.sleep(BACK_OFF.get(attempt - 1));
            }
            try {
                LanguageRun run = language.run(program, tests, limits, slot);
                if (!(run.outcome() instanceof ExecutionOutcome.InfrastructureFault)) {
                    return execution(language, run, queued);
                }
                fault = run.outcome();
            } catch (IsolationException e) {
                fault = new ExecutionOutcome.InfrastructureFault(e.getMessage());
            }
            LOGGER.log(
                    WARNING, "attempt {0} at a {1} program failed: {2}", attempt + 1, language.id(), fault.message());
        }
        return execution(language, new LanguageRun(fault, null, new byte[0], Duration.ZERO), queued);
    }

    private Execution execution(Language language, LanguageRun run, Duration queued) {
        boolean ran = run.jail() != null;
        return new Execution(
                run.outcome(),
                ran ? run.jail().exitStatus() : null,
                ran ? run.jail().signal() : null,
                ran ? run.jail().cpuTime() : Duration.ZERO,
                ran ? run.jail().wallTime() : Duration.ZERO,
                ran ? run.jail().peakMemoryBytes() : 0,
                run.compileTime(),
                queued,
                isolation.mode(),
                OutputExcerpt.of(run.output(), settings.outputHeadBytes(), settings.outputTailBytes()),
                language.toolchain().toString(),
                VerdictRules.JUDGE_VERSION);
    }

    @Override
    public void close() {
        languages.values().forEach(Language::close);
        isolation.close();
        remove(files);
    }

    private static void remove(JailFiles files) {
        try {
            files.close();
        } catch (IOException e) {
            LOGGER.log(WARNING, "the directory of jail files stays behind: {0}", e.getMessage());
        }
    }
}
