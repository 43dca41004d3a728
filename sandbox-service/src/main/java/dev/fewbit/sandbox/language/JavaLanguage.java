package dev.fewbit.sandbox.language;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.Jail;
import dev.fewbit.sandbox.isolation.JailFiles;
import dev.fewbit.sandbox.isolation.JailLimits;
import dev.fewbit.sandbox.isolation.JailReport;
import dev.fewbit.sandbox.jailed.CompilerWorker;
import dev.fewbit.sandbox.jailed.ProgramRunner;
import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import dev.fewbit.sandbox.outcome.JudgeReport;
import dev.fewbit.sandbox.outcome.VerdictRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Java: compiled by a warm jailed compiler, run with {@code -ea} in a fresh jailed JVM. The JVM proves that {@code main} came back by
 * a nonce that lies behind the classes in its standard input.
 */
public final class JavaLanguage implements Language {
    private static final long MIB = 1 << 20;
    private static final long LEAST_HEAP = 16 * MIB;
    /** Virtual memory that a JVM reserves beside its heap and hardly touches. */
    private static final long ADDRESS_SPACE_BESIDE = 2048 * MIB;

    private static final int JVM_THREADS = 24;
    private static final Duration UNLIMITED = Duration.ZERO;
    private static final String WARM_UP = """
            import java.util.*;
            import java.util.stream.*;
            class Problem {
                record Pair(String key, long count) {}
                public static List<String> keys(Map<String, Long> counts) {
                    return counts.entrySet().stream().map(e -> new Pair(e.getKey(), e.getValue()))
                            .filter(p -> p.count() > 1).map(Pair::key).sorted().collect(Collectors.toList());
                }
                public static void main(String[] args) {
                    assert(keys(Map.of("a", 2L)).equals(List.of("a")));
                }
            }
            """;

    private final Isolation isolation;
    private final JavaRuntime runtime;
    private final CompilerPool compilers;
    private final SecureRandom random = new SecureRandom();

    private JavaLanguage(Isolation isolation, JavaRuntime runtime, CompilerPool compilers) {
        this.isolation = isolation;
        this.runtime = runtime;
        this.compilers = compilers;
    }

    public static JavaLanguage open(Isolation isolation, JailFiles files, CompilerSettings settings)
            throws IOException, ToolchainMissingException {
        JavaRuntime runtime = JavaRuntime.of(files);
        JailLimits limits =
                new JailLimits(UNLIMITED, UNLIMITED, 768 * MIB, 4096 * MIB, 64, Integer.MAX_VALUE, 16 * MIB);
        List<String> command = runtime.command(
                CompilerWorker.class, List.of("-Xms64m", "-Xmx384m", "-Xss4m", "-XX:MaxMetaspaceSize=192m"));
        Jail jail = new Jail(command, Map.of(), runtime.mounts(), limits, false);
        return new JavaLanguage(isolation, runtime, new CompilerPool(isolation, jail, settings));
    }

    @Override
    public ProgramLanguage id() {
        return ProgramLanguage.JAVA;
    }

    @Override
    public Toolchain toolchain() {
        return runtime.toolchain();
    }

    @Override
    public void warmUp() throws IsolationException, InterruptedException {
        compilers.compile(WARM_UP);
    }

    @Override
    public LanguageRun run(String program, String tests, ExecutionLimits limits, int slot)
            throws IsolationException, InterruptedException {
        long begin = System.nanoTime();
        Compilation compilation = compilers.compile(tests == null ? program : program + "\n" + tests);
        Duration compileTime = Duration.ofNanos(System.nanoTime() - begin);
        return switch (compilation) {
            case Compilation.Compiled compiled -> execute(compiled.classes(), limits, slot, compileTime);
            case Compilation.Refused refused -> notCompiled(refused.message(), compileTime);
            case Compilation.Surprised surprised -> notCompiled(surprised.message(), compileTime);
        };
    }

    private static LanguageRun notCompiled(String message, Duration compileTime) {
        return new LanguageRun(new ExecutionOutcome.CompileFailed(message), null, new byte[0], compileTime);
    }

    private LanguageRun execute(byte[] classes, ExecutionLimits limits, int slot, Duration compileTime)
            throws IsolationException, InterruptedException {
        long heap = Math.max(LEAST_HEAP, limits.memoryBytes() / 10 * 6);
        List<String> flags = List.of(
                "-ea",
                "-Xss1m",
                "-Xmx" + heap / 1024 + "k",
                "-XX:MaxMetaspaceSize=96m",
                "-XX:CompressedClassSpaceSize=32m");
        JailLimits allowed = JailLimits.of(limits, limits.memoryBytes() + ADDRESS_SPACE_BESIDE);
        Jail jail = new Jail(
                runtime.command(ProgramRunner.class, flags),
                Map.of(),
                runtime.mounts(),
                new JailLimits(
                        allowed.cpuTime(),
                        allowed.wallTime(),
                        allowed.memoryBytes(),
                        allowed.addressSpaceBytes(),
                        allowed.processes() + JVM_THREADS,
                        allowed.outputBytes(),
                        allowed.tmpBytes()),
                false);
        byte[] nonce = new byte[ProgramRunner.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] input = PythonLanguage.concat(classes, nonce);
        JailReport report = isolation.run(jail, slot, input);
        Finding finding = finding(report.stdout().bytes(), HexFormat.of().formatHex(nonce));
        ExecutionOutcome outcome = VerdictRules.judge(report, finding.report(), limits, heap / 10 * 8);
        byte[] output = PythonLanguage.concat(finding.output(), report.stderr().bytes());
        return new LanguageRun(outcome, report, output, compileTime);
    }

    /**
     * @param report what the last line says when it begins with the nonce
     * @param output the rest
     */
    record Finding(JudgeReport report, byte[] output) {}

    static Finding finding(byte[] stdout, String nonce) {
        String text = new String(stdout, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf("\n" + nonce + " ");
        if (at < 0 || !text.endsWith("\n")) {
            return new Finding(JudgeReport.missing(), stdout);
        }
        byte[] line = Arrays.copyOfRange(stdout, at + nonce.length() + 2, stdout.length - 1);
        String[] words = new String(line, StandardCharsets.UTF_8).split(" ", 2);
        JudgeReport report = JudgeReport.of(words[0], words.length > 1 ? words[1] : "");
        return new Finding(report, Arrays.copyOf(stdout, at));
    }

    @Override
    public void close() {
        compilers.close();
    }
}
