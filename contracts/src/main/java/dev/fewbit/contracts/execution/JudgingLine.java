package dev.fewbit.contracts.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What tests ask of their judge. It stands in the tests' first line, a comment of their language, so it is part of their digest and of
 * a verdict's identity: {@code # fewbit-judge: imported}, {@code // fewbit-judge: release=11}. Tests without it are judged as before.
 *
 * @param imported Python: the program is not the main module, so that {@code if __name__ == "__main__":} blocks do not run
 * @param twoProcesses Python: tests and program run in two processes whatever the tests look like
 * @param release Java: the language and library that programs are compiled for; empty for the toolchain's own
 */
public record JudgingLine(boolean imported, boolean twoProcesses, OptionalInt release) {
    /** Nothing asked. */
    public static final JudgingLine NONE = new JudgingLine(false, false, OptionalInt.empty());

    private static final String MARK = "fewbit-judge: ";
    private static final String IMPORTED = "imported";
    private static final String TWO_PROCESSES = "two-process";
    private static final String RELEASE = "release=";

    /**
     * The line of {@code tests}, {@link #NONE} where they have none.
     *
     * @throws IllegalArgumentException when it holds a word that this build does not know
     */
    public static JudgingLine of(String tests) {
        int end = tests.indexOf('\n');
        String first = end < 0 ? tests : tests.substring(0, end);
        for (ProgramLanguage language : ProgramLanguage.values()) {
            String begin = comment(language) + MARK;
            if (first.startsWith(begin)) {
                return parsed(first.substring(begin.length()).strip());
            }
        }
        return NONE;
    }

    private static JudgingLine parsed(String words) {
        JudgingLine line = NONE;
        for (String word : words.split(" ")) {
            if (word.equals(IMPORTED)) {
                line = new JudgingLine(true, line.twoProcesses, line.release);
            } else if (word.equals(TWO_PROCESSES)) {
                line = new JudgingLine(line.imported, true, line.release);
            } else if (word.matches(RELEASE + "[1-9][0-9]?")) {
                line = new JudgingLine(
                        line.imported,
                        line.twoProcesses,
                        OptionalInt.of(Integer.parseInt(word.substring(RELEASE.length()))));
            } else {
                throw new IllegalArgumentException("the tests ask their judge for '" + word + "'; allowed: " + IMPORTED
                        + ", " + TWO_PROCESSES + ", " + RELEASE + "N");
            }
        }
        return line;
    }

    /** {@code tests} of {@code language} with this line before them. */
    public String before(ProgramLanguage language, String tests) {
        List<String> words = words();
        return words.isEmpty() ? tests : comment(language) + MARK + String.join(" ", words) + "\n" + tests;
    }

    /** What Python's judge is told. */
    public String pythonWords() {
        return String.join(" ", words());
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        if (imported) {
            words.add(IMPORTED);
        }
        if (twoProcesses) {
            words.add(TWO_PROCESSES);
        }
        release.ifPresent(number -> words.add(RELEASE + number));
        return words;
    }

    private static String comment(ProgramLanguage language) {
        return switch (language) {
            case PYTHON -> "# ";
            case JAVA -> "// ";
        };
    }
}
