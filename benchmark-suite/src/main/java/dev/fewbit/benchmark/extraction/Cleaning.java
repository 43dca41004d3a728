package dev.fewbit.benchmark.extraction;

import dev.fewbit.benchmark.harness.Answer;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be done to an answer before it is judged, on request only: no benchmark's own harness does it. */
public enum Cleaning {
    /** Of an answer in Markdown, the first fenced block alone; one that no fence closes goes to the end. Others stay as they are. */
    FENCES {
        @Override
        public Answer clean(Answer answer, Place place) {
            return switch (answer) {
                case Answer.Completion completion -> new Answer.Completion(unfenced(completion.text()));
                case Answer.Program program -> new Answer.Program(unfenced(program.text()));
            };
        }
    },
    /** The function that the prompt asks for, without what was written behind it; text without that function's end stays as it is. */
    FIRST_FUNCTION {
        @Override
        public Answer clean(Answer answer, Place place) {
            FirstFunction first = new FirstFunction(
                    place.language(),
                    place.prompt(),
                    place.tests().stripLeading().startsWith("}"));
            return switch (answer) {
                case Answer.Completion completion -> new Answer.Completion(first.ofCompletion(completion.text()));
                case Answer.Program program -> new Answer.Program(first.ofProgram(program.text()));
            };
        }
    };

    private static final Pattern OPENING = Pattern.compile("(?m)^[ \\t]*```[ \\t]*[\\w+#.-]*[ \\t]*\\r?\\n");
    private static final Pattern CLOSING = Pattern.compile("(?m)^[ \\t]*```");

    /**
     * Where an answer belongs.
     *
     * @param language it is in
     * @param prompt before it
     * @param tests behind it
     */
    public record Place(ProgramLanguage language, String prompt, String tests) {}

    /** The cleaned answer, meant as before. */
    public abstract Answer clean(Answer answer, Place place);

    /** What {@link #FENCES} leaves of a text. */
    public static String unfenced(String text) {
        Matcher fence = OPENING.matcher(text);
        if (!fence.find()) {
            return text;
        }
        Matcher end = CLOSING.matcher(text);
        return end.find(fence.end()) ? text.substring(fence.end(), end.start()) : text.substring(fence.end());
    }

    /** As command lines and decoding specs call it: {@code first-function}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
