package dev.fewbit.benchmark;

/** Benchmarks with one form of record and one harness. */
public enum BenchmarkFamily {
    /** OpenAI's: {@link Tests.CheckFunction}. */
    HUMANEVAL,
    /** Google's, full: {@link Tests.Assertions} with set-up code and challenge tests. */
    MBPP,
    /** Google's, the hand-verified part: {@link Tests.Assertions} with imports. */
    MBPP_SANITIZED,
    /** EvalPlus on HumanEval: {@link Tests.InputComparison}; its reference program is prompt and canonical solution. */
    HUMANEVAL_PLUS,
    /**
     * EvalPlus on MBPP: {@link Tests.InputComparison}; its reference program is prompt and canonical solution. Inputs are JSON
     * and stand for tuples, sets or complex numbers in some problems, as EvalPlus' own reader knows by number of task.
     */
    MBPP_PLUS,
    /** MultiPL-E's translations: {@link Tests.Script}. */
    MULTIPL_E,
    /** McEval's in MultiPL-E's form, as the study used it: {@link Tests.Script}. */
    MCEVAL,
    /** The reference model's own, in MultiPL-E's form: {@link Tests.Script}. */
    REFERENCE
}
