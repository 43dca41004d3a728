package dev.fewbit.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.benchmark.BenchmarkFamily;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.benchmark.harness.Answer;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.execution.Execution;
import dev.fewbit.sandbox.execution.LocalExecutor;
import dev.fewbit.sandbox.isolation.IsolationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** EvalPlus' rules in real jails; expected verdicts are what EvalPlus 0.3.1 itself said of the same programs. */
class EvalPlusVerdictIT {
    private static LocalExecutor executor;

    @BeforeAll
    static void open() throws IsolationException, InterruptedException {
        executor = LocalExecutor.open();
    }

    @AfterAll
    static void close() {
        executor.close();
    }

    private static Execution judge(
            BenchmarkFamily family, String name, String entryPoint, String canonical, String program, String inputs)
            throws Exception {
        Problem problem = new Problem(
                name,
                "",
                List.of(),
                new Tests.InputComparison(entryPoint, "", List.of(inputs.split(" ")), List.of(), 0, ""),
                Optional.of(canonical),
                Map.of());
        Harness harness = Harness.of(family, ProgramLanguage.PYTHON);
        return executor.execute(
                ProgramLanguage.PYTHON,
                harness.program(problem, new Answer.Program(program.replace('|', '\n'))),
                harness.tests(problem),
                harness.limits());
    }

    private static Verdict verdict(String canonical, String program, String inputs) throws Exception {
        return judge(BenchmarkFamily.HUMANEVAL_PLUS, "HumanEval/0", "f", canonical, program, inputs)
                .outcome()
                .verdict();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            PASSED;           def f(x): return x / 3;     def f(x): return x / 3 + 9e-7;                      [1]
            ASSERTION_FAILED; def f(x): return x / 3;     def f(x): return x / 3 + 2e-6;                      [1]
            INFRASTRUCTURE_FAULT; def f(x): return x / 0; def f(x): return x;                                 [1]
            PASSED;           def f(x): return x * 1.0;   def f(x): return x;                                 [3]
            PASSED;           def f(x): return [x / 3];   def f(x): return [x / 3 + 1e-7];                    [1]
            ASSERTION_FAILED; def f(x): return [x / 3];   def f(x): return (x / 3,);                          [1]
            ASSERTION_FAILED; def f(x): return x;         def f(x): return x + 1;                             [1000000000]
            PASSED;           def f(x): return x;         def f(x): return x + (x > 9);                       [1.5] [1000000000]
            PASSED;           def f(x): return (x, x);    import collections|P = collections.namedtuple('P', 'a b')|def f(x): return P(x, x);  [1]
            ASSERTION_FAILED; def f(x): return x;         class E:|  def __eq__(s, o): return True|def f(x): return E();  [1]
            RAISED;           def f(x): return x;         def g(x): return x;                                 [1]
            RAISED;           def f(x): return x;         import sys|def f(x): sys.exit(0);                   [1]
            PASSED;           def f(x): return x;         if __name__ == '__main__': raise SystemExit(1)|def f(x): return x;  [1]
            PASSED;           def f(x): return float('inf') * x;  def f(x): return float('inf') * x;          [2]
            """)
    void shouldJudgeAsEvalPlusWhenOutputsAreCompared(Verdict expected, String canonical, String program, String inputs)
            throws Exception {
        assertThat(verdict(canonical, program, inputs)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            PASSED;           Mbpp/2;   similar_elements; def similar_elements(a, b): return tuple(set(a) & set(b));   def similar_elements(a, b): return [3, 2, 3];      [[1,2,3],[2,3]]
            ASSERTION_FAILED; Mbpp/3;   g;                def g(a, b): return tuple(set(a) & set(b));                  def g(a, b): return [3, 2];                        [[1,2,3],[2,3]]
            PASSED;           Mbpp/74;  check_str;        import re|def check_str(s): return re.match('a', s);          def check_str(s): return s[0] == 'a';              ["a"] ["b"]
            PASSED;           Mbpp/295; sum_div;          def sum_div(n): return 4;                                     def sum_div(n): return 0;                          [7]
            PASSED;           Mbpp/581; surface_Area;     def surface_Area(b, s): return 2 * b * s + b * b;             def surface_Area(b, h): return 45;                 [4,3]
            ASSERTION_FAILED; Mbpp/116; h;                def h(t): return isinstance(t, tuple);                        def h(t): return isinstance(t, list);              [[1]]
            PASSED;           Mbpp/252; c;                def c(z): return z.imag;                                      def c(z): return z.imag;                           ["2+1j"]
            """)
    void shouldKnowMbppsSpecialCases(
            Verdict expected, String task, String entryPoint, String canonical, String program, String inputs)
            throws Exception {
        assertThat(judge(BenchmarkFamily.MBPP_PLUS, task, entryPoint, canonical.replace('|', '\n'), program, inputs)
                        .outcome()
                        .verdict())
                .isEqualTo(expected);
    }

    @Test
    void shouldCompareByDigestWhenOutputsAreLarge() throws Exception {
        // Given: 300 MB that do not cross the judge's pipe
        String canonical = "def f(n): return [tuple(range(i, i + 10)) for i in range(n)]";

        // When, Then
        assertThat(verdict(canonical, canonical, "[500000]")).isEqualTo(Verdict.PASSED);
        assertThat(verdict(canonical, canonical.replace("i + 10", "i + 9"), "[20000]"))
                .isEqualTo(Verdict.ASSERTION_FAILED);
    }

    @Test
    void shouldEndACallWhenItTakesMuchLongerThanTheCanonicalSolution() throws Exception {
        // When
        Execution execution = judge(
                BenchmarkFamily.HUMANEVAL_PLUS,
                "HumanEval/0",
                "f",
                "def f(x): return x",
                "def f(x):|  while True: pass",
                "[1]");

        // Then
        assertThat(execution.outcome().verdict()).isEqualTo(Verdict.TIMED_OUT);
        assertThat(execution.outcome().message()).isEqualTo("a call took longer than 4.0 s");
    }

    @Test
    void shouldSayWhichInputWhenAnOutputDiffers() throws Exception {
        // When
        Execution execution = judge(
                BenchmarkFamily.HUMANEVAL_PLUS,
                "HumanEval/0",
                "f",
                "def f(x): return x",
                "def f(x): return min(x, 2)",
                "[1] [2] [3]");

        // Then
        assertThat(execution.outcome().message()).isEqualTo("AssertionError: base input 2: another output");
    }
}
