package dev.fewbit.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.benchmark.BenchmarkFamily;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HarnessTest {
    private static final String PROMPT = "from typing import List\n\ndef f(x: int) -> int:\n    \"\"\"doc\"\"\"\n";

    private static Problem problem(Tests tests) {
        return new Problem("P/0", PROMPT, List.of("\ndef"), tests, Optional.of("    return x\n"), Map.of());
    }

    @Test
    void shouldCheckTheEntryPointAfterTheTestsWhenHumanEval() {
        // Given
        Harness harness = Harness.of(BenchmarkFamily.HUMANEVAL, ProgramLanguage.PYTHON);
        Problem problem = problem(new Tests.CheckFunction("\n\ndef check(candidate):\n    pass\n", "f"));

        // When, Then: the program is not the main module there
        assertThat(harness.program(problem, new Answer.Completion("    return x")))
                .isEqualTo(PROMPT + "    return x");
        assertThat(harness.program(problem, new Answer.Program("def f(x): return x")))
                .isEqualTo("def f(x): return x");
        assertThat(harness.tests(problem))
                .isEqualTo("# fewbit-judge: imported\n\n\ndef check(candidate):\n    pass\n\ncheck(f)");
        assertThat(harness.limits().cpuTime()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void shouldPutSetUpBeforeAssertionsAndNoPromptWhenMbpp() {
        // Given
        Harness harness = Harness.of(BenchmarkFamily.MBPP, ProgramLanguage.PYTHON);
        Problem problem = problem(new Tests.Assertions(
                List.of("import math"),
                "root = Node(1)\r\n",
                List.of("assert f(1) == 1", "assert f(2) == 2"),
                List.of("no")));

        // When, Then
        assertThat(harness.program(problem, new Answer.Completion("class Node:\r\n  pass")))
                .isEqualTo("class Node:\r\n  pass");
        assertThat(harness.tests(problem))
                .isEqualTo(
                        "# fewbit-judge: imported\nimport math\nroot = Node(1)\r\n\nassert f(1) == 1\nassert f(2) == 2");
    }

    @Test
    void shouldCompileForJava11WhenMultiPlE() {
        // Given
        Harness harness = Harness.of(BenchmarkFamily.MULTIPL_E, ProgramLanguage.JAVA);

        // When, Then: tests close the method that the stop token left open
        assertThat(harness.tests(problem(new Tests.Script("    }\n}\n"))))
                .isEqualTo("// fewbit-judge: release=11\n    }\n}\n");
        assertThat(harness.limits().cpuTime()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldRunAsAMainProgramWhenMultiPlEInPython() {
        assertThat(Harness.of(BenchmarkFamily.MULTIPL_E, ProgramLanguage.PYTHON)
                        .tests(problem(new Tests.Script("check(f)\n"))))
                .isEqualTo("check(f)\n");
    }

    @Test
    void shouldCompareInputByInputWhenEvalPlus() {
        // Given
        Harness harness = Harness.of(BenchmarkFamily.HUMANEVAL_PLUS, ProgramLanguage.PYTHON);
        Tests tests =
                new Tests.InputComparison("f", "", List.of("[1]", "[\"a'\\n\"]"), List.of("[Infinity]"), 1e-6, "");

        // When, Then: what JSON and the program escape stays as it is for Python
        assertThat(harness.tests(problem(tests)))
                .startsWith("# fewbit-judge: imported two-process\n")
                .endsWith("compare(\n    'humaneval',\n    'P/0',\n    'f',\n    1.0E-6,\n"
                        + "    'from typing import List\\n\\ndef f(x: int) -> int:\\n    \"\"\"doc\"\"\"\\n    return x\\n',\n"
                        + "    '[[1],[\"a\\'\\\\n\"]]',\n    '[[Infinity]]')\n");
    }

    @ParameterizedTest
    @CsvSource({
        "HUMANEVAL,false",
        "MBPP,false",
        "MBPP_SANITIZED,false",
        "HUMANEVAL_PLUS,false",
        "MBPP_PLUS,false",
        "MULTIPL_E,true",
        "MCEVAL,true",
        "REFERENCE,true"
    })
    void shouldCutWhereStopTokensAreTheBenchmarksOwn(BenchmarkFamily family, boolean cuts) {
        assertThat(Harness.of(family, ProgramLanguage.PYTHON).cutsCompletions()).isEqualTo(cuts);
    }
}
