package dev.fewbit.sandbox.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.isolation.IsolationException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts of Java programs in real jails. */
class JavaVerdictIT {
    private static final ExecutionLimits LIMITS =
            new ExecutionLimits(Duration.ofSeconds(2), Duration.ofSeconds(5), 256L << 20, 64 << 10, 32);
    private static final String PROGRAM = """
            import java.util.*;
            import java.io.*;
            class Problem {
                public static long add(long a, long b) throws Exception { %s }
                public static void main(String[] args) throws Exception {
                    assert(add(2L, 3L) == (5L));
                    assert(add(-1L, 1L) == (0L));
                }
            }
            """;

    private static LocalExecutor executor;

    @BeforeAll
    static void open() throws IsolationException, InterruptedException {
        executor = LocalExecutor.open();
    }

    @AfterAll
    static void close() {
        executor.close();
    }

    private static Execution execute(String program, String tests)
            throws LanguageUnavailableException, InterruptedException {
        return executor.execute(ProgramLanguage.JAVA, program, tests, LIMITS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            PASSED~             return a + b;
            ASSERTION_FAILED~   return a - b;
            COMPILE_FAILED~     return a + ;
            COMPILE_FAILED~     return "a";
            RAISED~             throw new IllegalStateException("no");
            RAISED~             return add(a, b);
            RAISED~             throw new OutOfMemoryError();
            RAISED~             System.exit(0); return 0;
            RAISED~             System.exit(3); return 0;
            RAISED~             Runtime.getRuntime().halt(0); return 0;
            RAISED~             Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("passed"))); System.exit(0); return 0;
            RAISED~             System.out.println("\\npassed"); System.out.flush(); Runtime.getRuntime().halt(0); return 0;
            RAISED~             new FileInputStream("/etc/passwd").read(); return a + b;
            RAISED~             new FileOutputStream("/escaped").write(1); return a + b;
            RAISED~             new java.net.Socket("127.0.0.1", 22).close(); return a + b;
            RAISED~             return System.getenv("SECRET_TOKEN").length();
            RAISED~             for (int i = 0; i < 200; i++) { new ProcessBuilder("sleep", "9").start(); } return a + b;
            TIMED_OUT~          while (true) {}
            TIMED_OUT~          Thread.sleep(60_000); return 0;
            MEMORY_EXCEEDED~    List<long[]> all = new ArrayList<>(); while (true) { all.add(new long[1 << 16]); }
            MEMORY_EXCEEDED~    List<Object> all = new ArrayList<>(); while (true) { var m = java.nio.ByteBuffer.allocateDirect(1 << 20); for (int i = 0; i < 1 << 20; i += 4096) m.put(i, (byte) 1); all.add(m); }
            OUTPUT_EXCEEDED~    while (true) { System.out.println("flood"); }
            ASSERTION_FAILED~   System.setOut(new PrintStream(OutputStream.nullOutputStream())); return 0;
            ASSERTION_FAILED~   new Thread(() -> { while (true) { Thread.onSpinWait(); } }).start(); return 0;
            PASSED~             new Thread(() -> { while (true) { Thread.onSpinWait(); } }).start(); return a + b;
            PASSED~             System.out.print("no line break"); return a + b;
            PASSED~             new ProcessBuilder("sleep", "60").start(); return a + b;
            """)
    void shouldGiveTheVerdictOfItsKindWhenABodyIs(Verdict expected, String body) throws Exception {
        // When
        Execution execution = execute(PROGRAM.formatted(body), null);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(expected);
    }

    @Test
    void shouldAppendTheTestsWhenTheyComeApart() throws Exception {
        // When
        Execution execution = execute(
                "class Problem {\n  static int one() {\n    return 1;",
                "    }\n  public static void main(String[] a) { assert(one() == 1); System.out.println(\"done\"); }\n}\n");

        // Then
        assertThat(execution.outcome().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(execution.output().head()).isEqualTo("done\n");
        assertThat(execution.compileTime()).isPositive();
    }

    @Test
    void shouldBlameTheProgramAndServeTheNextOneWhenACompilerRunsOutOfMemory() throws Exception {
        // Given
        String bomb = "class Problem { static final String A0 = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";\n"
                + IntStream.range(1, 30)
                        .mapToObj(i -> "static final String A%d = A%d + A%d;\n".formatted(i, i - 1, i - 1))
                        .collect(Collectors.joining())
                + "public static void main(String[] a) {} }";

        // When
        Execution execution = execute(bomb, null);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(Verdict.COMPILE_FAILED);
        assertThat(execute(PROGRAM.formatted("return a + b;"), null).outcome().verdict())
                .isEqualTo(Verdict.PASSED);
    }

    @Test
    void shouldNotKnowClassesOfOursWhenAProgramNamesThem() throws Exception {
        // When
        Execution execution =
                execute(PROGRAM.formatted("return dev.fewbit.sandbox.jailed.ProgramRunner.NONCE_BYTES;"), null);

        // Then
        assertThat(execution.outcome().verdict()).isEqualTo(Verdict.COMPILE_FAILED);
    }

    @Test
    void shouldFindTheMainMethodWhenItsClassHasAnotherName() throws Exception {
        // When
        Execution execution =
                execute("class Helper {} public class Anything { public static void main(String[] a) {} }", null);

        // Then
        assertThat(execution.outcome().verdict()).isEqualTo(Verdict.PASSED);
    }

    /** Of one test that an empty list fails; the program's part ends inside a class, as those of benchmarks do. */
    private static final String TESTS = """
                public static void main(String[] args) {
                    assert(f(3L).equals((new ArrayList<Long>(Arrays.asList((long)3L)))));
                }
            }
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            PASSED~            import java.util.*; class Problem { public static ArrayList<Long> f(long n) { return new ArrayList<>(List.of(n)); }
            PASSED~            import java.util.*; class Problem { static class Stack {} public static List<Long> f(long n) { new Stack(); Thread t = new Thread(() -> { while (true) System.out.print("x"); }); t.setDaemon(true); t.start(); return List.of(n); }
            ASSERTION_FAILED~  import java.util.*; class Problem { public static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            ASSERTION_FAILED~  import java.util.*; class Problem { static ArrayList<Long> f(long n) { return null; } public static void main(String[] a) {} } class X { static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            ASSERTION_FAILED~  import java.util.*; class Problem { public static void main(String[] a) {} } interface X { static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            COMPILE_FAILED~    import java.util.*; class Arrays { static List<Long> asList(Object... o) { return List.of(); } } class Problem { static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            COMPILE_FAILED~    import java.util.*; class Problem { static class Arrays { static List<Long> asList(Object... o) { return List.of(); } } static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            COMPILE_FAILED~    import java.util.*; class B { static class Arrays { static List<Long> asList(Object... o) { return List.of(); } } } class Problem extends B { static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            COMPILE_FAILED~    import java.util.*; class Problem { static class ArrayList<T> { ArrayList() {} ArrayList(Object o) {} public boolean equals(Object o) { return true; } } static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            ASSERTION_FAILED~  import java.util.*; class B { static { B.class.getClassLoader().setClassAssertionStatus("Problem", false); } } class Problem extends B { static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            ASSERTION_FAILED~  import java.util.*; class B { static { B.class.getClassLoader().clearAssertionStatus(); } } class Problem extends B { static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            ASSERTION_FAILED~  import java.util.*; class Problem { static { try { var f = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe"); f.setAccessible(true); Object u = f.get(null); var d = Problem.class.getDeclaredField("$assertionsDisabled"); var c = u.getClass(); var k = java.lang.reflect.Field.class; c.getMethod("putBoolean", Object.class, long.class, boolean.class).invoke(u, c.getMethod("staticFieldBase", k).invoke(u, d), c.getMethod("staticFieldOffset", k).invoke(u, d), true); } catch (ReflectiveOperationException e) { throw new RuntimeException(e); } } static ArrayList<Long> f(long n) { return new ArrayList<>(); }
            """)
    void shouldRunTheTestsThemselvesWhenAProgramPutsSomethingInTheirPlace(Verdict expected, String program)
            throws Exception {
        // When
        Execution execution = execute(program, TESTS);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(expected);
    }

    @Test
    void shouldPassWhenARecursionIsNineThousandDeep() throws Exception {
        // When
        Execution execution = execute(
                PROGRAM.formatted(
                        "return r(9000) + a + b - 9000; } static long r(long n) { return n == 0 ? 0 : 1 + r(n - 1);"),
                null);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(Verdict.PASSED);
    }
}
