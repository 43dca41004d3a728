package dev.fewbit.sandbox.language;

import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.Jail;
import dev.fewbit.sandbox.jailed.CompilerWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The warm compilers of a service; each is used by one program at a time. */
final class CompilerPool implements AutoCloseable {
    private final List<WarmCompiler> all = new ArrayList<>();
    private final BlockingQueue<WarmCompiler> idle;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("compiler-deadline").factory());

    CompilerPool(Isolation isolation, Jail jail, CompilerSettings settings) {
        idle = new ArrayBlockingQueue<>(settings.processes());
        for (int i = 0; i < settings.processes(); i++) {
            WarmCompiler compiler = new WarmCompiler(
                    isolation, jail, settings.firstSlot() + i, settings.replaceAfter(), settings.timeout(), deadlines);
            all.add(compiler);
            idle.add(compiler);
        }
    }

    /**
     * Compiles {@code program} with {@code tests}, {@code null} for none, behind it; what surprised a used compiler is tried once more
     * in a fresh one, so that no program pays for another's.
     *
     * @param release of the language and library, {@link CompilerWorker#OWN_RELEASE} for the JDK's own
     */
    Compilation compile(String program, String tests, int release) throws IsolationException, InterruptedException {
        WarmCompiler compiler = idle.take();
        try {
            boolean fresh = compiler.isFresh();
            Compilation first = compiler.compile(program, tests, release);
            return first instanceof Compilation.Surprised && !fresh ? compiler.compile(program, tests, release) : first;
        } finally {
            idle.add(compiler);
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        all.forEach(WarmCompiler::close);
    }
}
