package dev.fewbit.sandbox.execution;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.sandbox.SandboxConfig;
import dev.fewbit.sandbox.isolation.IsolationException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * The engine of this service. It is opened and proves itself in the background after the start; executions wait for that, and when
 * it fails none is ever made.
 */
@ApplicationScoped
public class ExecutionService {
    private static final Logger LOGGER = Logger.getLogger(ExecutionService.class);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final EngineSettings settings;
    private final CompletableFuture<ExecutionEngine> engine = new CompletableFuture<>();
    private Thread opener;

    public ExecutionService(SandboxConfig config) {
        this.settings = new EngineSettings(
                config.scratch().orElse(Path.of(System.getProperty("java.io.tmpdir"))),
                config.path().orElse(System.getenv().getOrDefault("PATH", "/usr/bin:/bin")),
                config.concurrency().orElse(Runtime.getRuntime().availableProcessors()),
                config.firstUid(),
                config.controlGroups(),
                config.compiler().processes(),
                config.compiler().replaceAfter(),
                config.compiler().timeout(),
                Math.toIntExact(config.output().head().asLongValue()),
                Math.toIntExact(config.output().tail().asLongValue()));
    }

    void start(@Observes StartupEvent event) {
        opener = Thread.ofPlatform().daemon().name("sandbox-start").start(this::open);
    }

    private void open() {
        long begin = System.nanoTime();
        ExecutionEngine opened = null;
        boolean published = false;
        try {
            opened = ExecutionEngine.open(settings);
            opened.proveItself();
            LOGGER.infof(
                    "the sandbox holds: %s, %d programs at once, self-test and start %d ms",
                    opened.isolationMode(), settings.concurrency(), (System.nanoTime() - begin) / 1_000_000);
            published = engine.complete(opened);
            if (published) {
                warmUp(opened);
            } else {
                opened.close();
            }
        } catch (IsolationException | RuntimeException e) {
            // Whatever it was, nothing may be executed; readiness and every request say why.
            LOGGER.errorf("%s", e.getMessage());
            if (opened != null) {
                opened.close();
            }
            engine.completeExceptionally(e);
        } catch (InterruptedException e) {
            if (!published && opened != null) {
                opened.close();
            }
            engine.completeExceptionally(new IsolationException("the service stopped while it started", e));
        }
    }

    /** While first programs already run: without it they are only slower. */
    private static void warmUp(ExecutionEngine opened) throws InterruptedException {
        try {
            opened.warmUp();
        } catch (IsolationException e) {
            LOGGER.warnf("programs start slower than they could: %s", e.getMessage());
        }
    }

    /** After consumers stopped: jails that still run are killed, and their requests are delivered again. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event) {
        engine.completeExceptionally(new IsolationException("the service is stopping"));
        opener.interrupt();
        try {
            opener.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!engine.isCompletedExceptionally()) {
            engine.join().close();
        }
    }

    /** Programs at once. */
    public int concurrency() {
        return settings.concurrency();
    }

    /** @see ExecutionEngine#execute */
    public Execution execute(ProgramLanguage language, String program, String tests, ExecutionLimits limits)
            throws LanguageUnavailableException, SandboxUnavailableException, InterruptedException {
        return engine().execute(language, program, tests, limits);
    }

    public List<LanguageView> languages() throws SandboxUnavailableException, InterruptedException {
        return engine().languages();
    }

    /** Where the sandbox stands. */
    public SandboxState state() {
        if (engine.isCompletedExceptionally()) {
            return new SandboxState.Broken(engine.exceptionNow().getMessage());
        }
        return engine.isDone() ? new SandboxState.Holding(engine.join().isolationMode()) : new SandboxState.Proving();
    }

    private ExecutionEngine engine() throws SandboxUnavailableException, InterruptedException {
        try {
            return engine.get();
        } catch (ExecutionException e) {
            throw new SandboxUnavailableException(e.getCause().getMessage(), e.getCause());
        }
    }
}
