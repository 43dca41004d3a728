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
import dev.fewbit.sandbox.outcome.JudgeReport;
import dev.fewbit.sandbox.outcome.VerdictRules;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Python: a fresh interpreter a program, in which {@code judge.py} forks before it reads the tests. Sets keep one order from run to
 * run ({@code PYTHONHASHSEED=0}), so that a program's verdict does not depend on luck.
 */
public final class PythonLanguage implements Language {
    private static final String JUDGE = "/box/judge.pyc";
    private static final long LEAST_ADDRESS_SPACE = 1L << 30;
    /** Integers have as many digits as memory allows: a limit came with 3.11, after most benchmarks; CPU time is limited anyway. */
    private static final List<String> OPTIONS = List.of("-s", "-S", "-B", "-X", "int_max_str_digits=0");

    private final Isolation isolation;
    private final PythonInterpreter interpreter;
    private final List<Mount> mounts;
    private final List<String> command;

    private PythonLanguage(Isolation isolation, PythonInterpreter interpreter, Path judge, Path guard) {
        this.isolation = isolation;
        this.interpreter = interpreter;
        this.mounts = new ArrayList<>(interpreter.mounts());
        mounts.add(new Mount(judge, JUDGE));
        mounts.add(new Mount(guard, "/box/guard.so"));
        this.command = new ArrayList<>(List.of(interpreter.executable().toString()));
        command.addAll(OPTIONS);
        command.add(JUDGE);
        command.addAll(interpreter.sitePackages());
    }

    /** @param path directories to look for an interpreter in, joined by {@code :} */
    public static PythonLanguage open(Isolation isolation, JailFiles files, String path)
            throws IOException, ToolchainMissingException {
        PythonInterpreter interpreter = PythonInterpreter.find(path);
        Path source = files.extract(PythonLanguage.class, "judge.py", false);
        Path judge = files.add("judge.pyc", new byte[0], false);
        interpreter.compile(source, judge); // else each program would pay for that again
        return new PythonLanguage(isolation, interpreter, judge, files.guard());
    }

    @Override
    public ProgramLanguage id() {
        return ProgramLanguage.PYTHON;
    }

    @Override
    public Toolchain toolchain() {
        return interpreter.toolchain();
    }

    @Override
    public void warmUp() {
        // Every program gets a new interpreter: there is nothing to keep warm.
    }

    @Override
    public LanguageRun run(String program, String tests, ExecutionLimits limits, int slot)
            throws IsolationException, InterruptedException {
        long addressSpace = Math.max(LEAST_ADDRESS_SPACE, 4 * limits.memoryBytes());
        Jail jail = new Jail(
                command,
                Map.of("PYTHONHASHSEED", "0", "LD_PRELOAD", "/box/guard.so"),
                mounts,
                JailLimits.of(limits, addressSpace),
                true);
        String words = Language.asked(tests).pythonWords();
        byte[] input = frames(List.of(words, program, tests == null ? "" : tests));
        JailReport report = isolation.run(jail, slot, input);
        long nearLimit = limits.memoryBytes() / 10 * 8;
        return new LanguageRun(
                VerdictRules.judge(report, judgeReport(report.judgeReport()), limits, nearLimit),
                report,
                concat(report.stdout().bytes(), report.stderr().bytes()),
                Duration.ZERO);
    }

    /** Three lines: the judge's shape, its word, the message. */
    static JudgeReport judgeReport(String text) {
        String[] lines = text.split("\n", 3);
        return lines.length < 3 ? JudgeReport.missing() : JudgeReport.of(lines[1], lines[2]);
    }

    private static byte[] frames(List<String> texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String text : texts) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream(first.length + second.length);
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    @Override
    public void close() {
        // No helper outlives a program.
    }
}
