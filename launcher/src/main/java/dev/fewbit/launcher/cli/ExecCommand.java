package dev.fewbit.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.sandbox.execution.Execution;
import dev.fewbit.sandbox.execution.LanguageUnavailableException;
import dev.fewbit.sandbox.execution.LocalExecutor;
import dev.fewbit.sandbox.isolation.IsolationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fewbit exec}. */
@Command(
        name = "exec",
        description = {
            "Run one program in the jail and print its verdict.",
            "",
            "Verdicts: passed, assertion-failed, raised, compile-failed, timed-out, memory-exceeded, output-exceeded, "
                    + "infrastructure-fault. Without --tests a program passes only when its module, or Problem.main run with -ea, "
                    + "comes to its end: an early exit, even with status 0, is raised.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit exec --language python program.py --tests tests.py",
            "  ./fewbit exec --language java Problem.java --timeout 10s --memory 512MiB --json",
            "",
            "Exit status: 0 there is a verdict about the program, 1 the sandbox failed, 2 wrong usage."
        })
final class ExecCommand implements Callable<Integer> {
    /** The backstop for programs that wait instead of computing is this many times their CPU time. */
    private static final int WALL_FACTOR = 3;

    private static final double MIB = 1 << 20;

    @Option(
            names = "--language",
            required = true,
            paramLabel = "L",
            description = "Language of the program: ${COMPLETION-CANDIDATES}.")
    private ProgramLanguage language;

    @Parameters(paramLabel = "FILE", description = "The program.")
    private Path file;

    @Option(names = "--tests", paramLabel = "FILE", description = "Tests, appended to the program.")
    private Path tests;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "CPU time of the program, such as 5s; three times as much may pass by the clock. Default: 3s Python, 6s Java.")
    private Duration timeout;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description =
                    "Memory of the program and its children, such as 256MiB. Default: 256MiB Python, 512MiB Java.")
    private Long memory;

    @Option(names = "--json", description = "Print a JSON object, with \"verdict\" and what the run took.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        String program = TextFile.read(file);
        String appended = tests == null ? null : TextFile.read(tests);
        ExecutionLimits limits = limits();
        try (LocalExecutor executor = LocalExecutor.open()) {
            Execution execution = executor.execute(language, program, appended, limits);
            print(execution);
            return switch (execution.outcome().verdict()) {
                case INFRASTRUCTURE_FAULT -> LauncherException.FAILED;
                default -> 0;
            };
        } catch (IsolationException e) {
            throw LauncherException.failed("nothing was executed: " + e.getMessage(), e);
        } catch (LanguageUnavailableException e) {
            throw LauncherException.failed(e.getMessage(), e);
        }
    }

    private ExecutionLimits limits() {
        ExecutionLimits usual = ExecutionLimits.of(language);
        Duration cpu = timeout == null ? usual.cpuTime() : timeout;
        Duration wall = timeout == null ? usual.wallTime() : timeout.multipliedBy(WALL_FACTOR);
        long bytes = memory == null ? usual.memoryBytes() : memory;
        long least = 16L << 20;
        if (bytes < least) {
            throw LauncherException.usage("--memory is " + bytes + " bytes; allowed: at least 16MiB");
        }
        return new ExecutionLimits(cpu, wall, bytes, usual.outputBytes(), usual.processes());
    }

    private void print(Execution execution) {
        if (json) {
            System.out.println(json(execution));
        } else {
            String message = execution.outcome().message();
            System.out.printf(
                    Locale.ROOT,
                    "%s%s%n%.3f s of CPU, %.3f s by the clock, %.1f MiB at most; %s in %s%n",
                    execution.outcome().verdict().label(),
                    message == null || message.isEmpty() ? "" : ": " + message,
                    execution.cpuTime().toNanos() / 1e9,
                    execution.wallTime().toNanos() / 1e9,
                    execution.peakMemoryBytes() / MIB,
                    execution.toolchain(),
                    execution.isolation());
        }
        System.out.flush();
    }

    private static String json(Execution execution) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", execution.outcome().verdict().label());
        fields.put("message", execution.outcome().message());
        fields.put("exitStatus", execution.exitStatus());
        fields.put("signal", execution.signal());
        fields.put("cpuSeconds", execution.cpuTime().toNanos() / 1e9);
        fields.put("wallSeconds", execution.wallTime().toNanos() / 1e9);
        fields.put("compileSeconds", execution.compileTime().toNanos() / 1e9);
        fields.put("peakMemoryBytes", execution.peakMemoryBytes());
        fields.put("isolation", execution.isolation());
        fields.put("toolchain", execution.toolchain());
        fields.put("judgeVersion", execution.judgeVersion());
        try {
            return JsonMapper.builder().build().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers are always JSON", e);
        }
    }
}
