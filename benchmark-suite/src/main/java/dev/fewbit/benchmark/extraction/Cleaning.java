package dev.fewbit.benchmark.extraction;

import dev.fewbit.benchmark.harness.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be done to an answer before it is judged, on request only: no benchmark's own harness does it. */
public enum Cleaning {
    /** Of an answer in Markdown, the first fenced block alone; one that no fence closes goes to the end. Others stay as they are. */
    FENCES {
        @Override
        String clean(String text) {
            Matcher fence = OPENING.matcher(text);
            if (!fence.find()) {
                return text;
            }
            Matcher end = CLOSING.matcher(text);
            return end.find(fence.end()) ? text.substring(fence.end(), end.start()) : text.substring(fence.end());
        }
    };

    private static final Pattern OPENING = Pattern.compile("(?m)^[ \\t]*```[ \\t]*[\\w+#.-]*[ \\t]*\\r?\\n");
    private static final Pattern CLOSING = Pattern.compile("(?m)^[ \\t]*```");

    abstract String clean(String text);

    /** The cleaned answer, meant as before. */
    public Answer clean(Answer answer) {
        return switch (answer) {
            case Answer.Completion completion -> new Answer.Completion(clean(completion.text()));
            case Answer.Program program -> new Answer.Program(clean(program.text()));
        };
    }
}
