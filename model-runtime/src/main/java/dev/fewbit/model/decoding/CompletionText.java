package dev.fewbit.model.decoding;

import dev.fewbit.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The text of completions. Prompt and completion are decoded together and the prompt's text is cut off, since a tokenizer
 * may decode a completion alone to something else (a leading space lost); special tokens go by id, before there is text;
 * the text ends before the first stop string. Nothing is stripped.
 */
public final class CompletionText {
    private final Tokenizer tokenizer;
    private final List<String> stopStrings;

    /**
     * @param tokenizer stays the caller's, and open
     * @param stopStrings where the text is cut; none of them stays in it
     */
    public CompletionText(Tokenizer tokenizer, List<String> stopStrings) {
        this.tokenizer = tokenizer;
        this.stopStrings = List.copyOf(stopStrings);
    }

    /**
     * The completion's text.
     *
     * @param prompt ids of the prompt
     * @param completion ids that were drawn
     */
    public String of(int[] prompt, int[] completion) {
        String promptText = tokenizer.decode(prompt);
        String whole = tokenizer.decode(
                IntStream.concat(IntStream.of(prompt), IntStream.of(completion)).toArray());
        if (!whole.startsWith(promptText)) {
            throw new IllegalStateException("the text of prompt and completion does not begin with the prompt's");
        }
        return cut(whole.substring(promptText.length()));
    }

    /** The text before the first stop string. */
    public String cut(String text) {
        int end = text.length();
        for (String stop : stopStrings) {
            int at = text.indexOf(stop);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        return text.substring(0, end);
    }
}
