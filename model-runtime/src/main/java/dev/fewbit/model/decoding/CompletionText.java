package dev.fewbit.model.decoding;

import dev.fewbit.model.tokenizer.Tokenizer;
import java.util.stream.IntStream;

/**
 * The text of completions. Prompt and completion are decoded together and the prompt's text is cut off, since a tokenizer
 * may decode a completion alone to something else (a leading space lost); special tokens go by id, before there is text.
 * Nothing is stripped and nothing is cut: where a completion ends is not the tokenizer's to say.
 */
public final class CompletionText {
    private final Tokenizer tokenizer;

    /** @param tokenizer stays the caller's, and open */
    public CompletionText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
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
        // A run of byte tokens (Llama's line feed is one) that is not UTF-8 decodes to replacement characters. A stray
        // byte
        // behind a prompt that ends in such a run so takes the prompt's text too; it is the model's fault and is judged
        // like any other.
        return whole.startsWith(promptText) ? whole.substring(promptText.length()) : tokenizer.decode(completion);
    }
}
