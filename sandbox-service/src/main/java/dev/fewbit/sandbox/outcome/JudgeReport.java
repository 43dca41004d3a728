package dev.fewbit.sandbox.outcome;

/**
 * What a language's judge in the jail said.
 *
 * @param word its finding
 * @param message of the exception, empty when there is none
 */
public record JudgeReport(Word word, String message) {

    /** A judge's findings; whether memory really ran out is not for it to say. */
    public enum Word {
        PASSED,
        ASSERTION_FAILED,
        RAISED,
        COMPILE_FAILED,
        OUT_OF_MEMORY,
        TIMED_OUT,
        FAULT
    }

    /** The judge said nothing: the program ended first. */
    public static JudgeReport missing() {
        return new JudgeReport(Word.RAISED, "the program ended before its tests did");
    }

    public static JudgeReport of(String word, String message) {
        return new JudgeReport(
                switch (word) {
                    case "passed" -> Word.PASSED;
                    case "assertion-failed" -> Word.ASSERTION_FAILED;
                    case "raised" -> Word.RAISED;
                    case "compile-failed" -> Word.COMPILE_FAILED;
                    case "memory" -> Word.OUT_OF_MEMORY;
                    case "timed-out" -> Word.TIMED_OUT;
                    default -> Word.FAULT;
                },
                message);
    }
}
