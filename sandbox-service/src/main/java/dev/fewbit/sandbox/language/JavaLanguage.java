package dev.fewbit.sandbox.language;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.Jail;
import dev.fewbit.sandbox.isolation.JailFiles;
import dev.fewbit.sandbox.isolation.JailLimits;
import dev.fewbit.sandbox.isolation.JailReport;
import dev.fewbit.sandbox.isolation.Mount;
import dev.fewbit.sandbox.jailed.CompilerWorker;
import dev.fewbit.sandbox.jailed.ProgramRunner;
import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import dev.fewbit.sandbox.outcome.JudgeReport;
import dev.fewbit.sandbox.outcome.VerdictRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final Isolation isolation;
    private final JavaRuntime runtime;
    private final CompilerPool compilers;
    private final JailFiles files;
    private final int trainingSlot;
    private final SecureRandom random = new SecureRandom();
    /** Where the start-up cache shows in a jail, once there is one. */
    private volatile Optional<Mount> cache = Optional.empty();

    private JavaLanguage(
            Isolation isolation, JailFiles files, JavaRuntime runtime, CompilerPool compilers, int trainingSlot) {
        this.isolation = isolation;
        this.files = files;
        this.runtime = runtime;
        this.compilers = compilers;
        this.trainingSlot = trainingSlot;
    }

    public static JavaLanguage open(Isolation isolation, JailFiles files, CompilerSettings settings)
            throws IOException, ToolchainMissingException {
        JavaRuntime runtime = JavaRuntime.of(files);
        JailLimits limits =
                new JailLimits(UNLIMITED, UNLIMITED, 768 * MIB, 4096 * MIB, 64, Integer.MAX_VALUE, 16 * MIB);
        List<String> command = runtime.command(
                CompilerWorker.class, List.of("-Xms64m", "-Xmx384m", "-Xss4m", "-XX:MaxMetaspaceSize=192m"));
        Jail jail = new Jail(command, Map.of(), runtime.mounts(), limits, false);
        int trainingSlot = settings.firstSlot() + settings.processes();
        CompilerPool compilers = new CompilerPool(isolation, jail, settings);
        return new JavaLanguage(isolation, files, runtime, compilers, trainingSlot);
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
        Compilation compilation = compilers.compile(StartUpCache.TRAINING_PROGRAM, null, CompilerWorker.OWN_RELEASE);
        if (!(compilation instanceof Compilation.Compiled compiled)) {
            throw new IsolationException("the training program did not compile: " + compilation);
        }
        List<String> flags = new ArrayList<>(flags(ExecutionLimits.of(ProgramLanguage.JAVA)));
        flags.add("-XX:AOTCacheOutput=/tmp/runner.aot");
        byte[] input = PythonLanguage.concat(compiled.classes(), new byte[ProgramRunner.NONCE_BYTES]);
        byte[] bytes =
                StartUpCache.make(isolation, trainingSlot, runtime, runtime.command(ProgramRunner.class, flags), input);
        try {
            cache = Optional.of(new Mount(files.add("runner.aot", bytes, false), StartUpCache.INSIDE));
        } catch (IOException e) {
            throw new IsolationException("the start-up cache cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public LanguageRun run(String program, String tests, ExecutionLimits limits, int slot)
            throws IsolationException, InterruptedException {
        long begin = System.nanoTime();
        int release = Language.asked(tests).release().orElse(CompilerWorker.OWN_RELEASE);
        Compilation compilation = compilers.compile(program, tests, release);
        Duration compileTime = Duration.ofNanos(System.nanoTime() - begin);
        return switch (compilation) {
            case Compilation.Compiled compiled -> execute(compiled.classes(), limits, slot, compileTime);
            case Compilation.Refused refused -> notCompiled(refused.message(), compileTime);
            case Compilation.Surprised surprised -> notCompiled(surprised.message(), compileTime);
        };
    }

    private static long heapOf(ExecutionLimits limits) {
        return Math.max(LEAST_HEAP, limits.memoryBytes() / 10 * 6);
    }

    private static List<String> flags(ExecutionLimits limits) {
        return List.of(
                "-ea",
                "-Xss4m",
                "-Xmx" + heapOf(limits) / 1024 + "k",
                "-XX:MaxMetaspaceSize=96m",
                "-XX:CompressedClassSpaceSize=32m");
    }

    private static LanguageRun notCompiled(String message, Duration compileTime) {
        return new LanguageRun(new ExecutionOutcome.CompileFailed(message), null, new byte[0], compileTime);
    }

    private LanguageRun execute(byte[] classes, ExecutionLimits limits, int slot, Duration compileTime)
            throws IsolationException, InterruptedException {
        JailLimits allowed = JailLimits.of(limits, limits.memoryBytes() + ADDRESS_SPACE_BESIDE);
        List<String> flags = new ArrayList<>(flags(limits));
        List<Mount> mounts = new ArrayList<>(runtime.mounts());
        cache.ifPresent(mount -> {
            flags.add("-XX:AOTCache=" + mount.jail());
            mounts.add(mount);
        });
        Jail jail = new Jail(
                runtime.command(ProgramRunner.class, flags),
                Map.of(),
                mounts,
                allowed.withProcesses(allowed.processes() + JVM_THREADS),
                false);
        byte[] nonce = new byte[ProgramRunner.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] input = PythonLanguage.concat(classes, nonce);
        JailReport report = isolation.run(jail, slot, input);
        Finding finding = finding(report.stdout().bytes(), HexFormat.of().formatHex(nonce));
        ExecutionOutcome outcome = VerdictRules.judge(report, finding.report(), limits, heapOf(limits) / 10 * 8);
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
        int end = text.indexOf('\n', at + 1); // a thread of the program may go on to print behind it
        if (at < 0 || end < 0) {
            return new Finding(JudgeReport.missing(), stdout);
        }
        byte[] line = Arrays.copyOfRange(stdout, at + nonce.length() + 2, end);
        String[] words = new String(line, StandardCharsets.UTF_8).split(" ", 2);
        JudgeReport report = JudgeReport.of(words[0], words.length > 1 ? words[1] : "");
        return new Finding(report, Arrays.copyOf(stdout, at));
    }

    @Override
    public void close() {
        compilers.close();
    }
}
