package dev.fewbit.sandbox.outcome;

import dev.fewbit.contracts.execution.Verdict;

/** What became of a program, with the first line of why. */
public sealed interface ExecutionOutcome {

    Verdict verdict();

    /** The compiler's, the exception's or the sandbox's first line; empty when it passed. */
    String message();

    /** The tests ran to their end and held, as a judge the program cannot imitate says. */
    record Passed() implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.PASSED;
        }

        @Override
        public String message() {
            return "";
        }
    }

    record AssertionFailed(String message) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.ASSERTION_FAILED;
        }
    }

    /** It raised, was killed by a signal, or left before its tests were done. */
    record Raised(String message) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.RAISED;
        }
    }

    record CompileFailed(String message) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.COMPILE_FAILED;
        }
    }

    /**
     * It used up its CPU time or its wall time.
     *
     * @param byWallTime whether it was the wall, which on an overloaded machine may be the machine's doing
     */
    record TimedOut(String message, boolean byWallTime) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.TIMED_OUT;
        }
    }

    record MemoryExceeded(String message) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.MEMORY_EXCEEDED;
        }
    }

    record OutputExceeded(String message) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.OUTPUT_EXCEEDED;
        }
    }

    /** The sandbox failed; says nothing about the program. */
    record InfrastructureFault(String message) implements ExecutionOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.INFRASTRUCTURE_FAULT;
        }
    }
}
