package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.model.chat.ChatMessage;
import dev.fewbit.model.chat.ChatTemplate;
import dev.fewbit.model.chat.InvalidTemplateException;
import dev.fewbit.model.chat.PythonWhitespace;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/** A problem's prompt as tokens, in any style. */
final class PromptText {
    /** Said in chat; part of a sample's identity by its version. */
    private static final String REQUEST =
            "Complete this program. Answer with one fenced block of code that holds the whole program.\n\n```\n%s\n```";

    private final Path artifact;
    private final Tokenizer tokenizer;
    private ChatTemplate template;

    /** @param tokenizer stays the caller's */
    PromptText(Path artifact, Tokenizer tokenizer) {
        this.artifact = artifact;
        this.tokenizer = tokenizer;
    }

    /** @throws UnusableModelException when the style is chat and the checkpoint has no template that takes the prompt */
    int[] tokens(String prompt, PromptStyle style) {
        return switch (style) {
            case PLAIN -> tokenizer.encode(prompt);
            case STRIPPED -> tokenizer.encode(stripped(prompt));
            // A template writes the special tokens itself.
            case CHAT -> tokenizer.encodeWithoutSpecialTokens(chat(prompt));
        };
    }

    private String chat(String prompt) {
        try {
            if (template == null) {
                template = ChatTemplate.open(artifact);
            }
            return template.render(List.of(new ChatMessage("user", REQUEST.formatted(stripped(prompt)))));
        } catch (InvalidTemplateException e) {
            throw new UnusableModelException(e.getMessage(), e);
        }
    }

    /** As Python's {@code str.strip}. */
    private static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && PythonWhitespace.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && PythonWhitespace.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
