package dev.fewbit.quantizer.overlap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Ten-word sequences of a text. Words are runs of letters and digits in lower case; what stands between them does not count. */
public final class WordSequences {
    /** Words of a sequence. */
    public static final int LENGTH = 10;

    private WordSequences() {}

    /** Hands over every sequence of {@code text}, its words parted by spaces, in their order. */
    public static void of(String text, Consumer<String> sequences) {
        List<String> words = words(text.toLowerCase(Locale.ROOT));
        for (int first = 0; first + LENGTH <= words.size(); first++) {
            sequences.accept(String.join(" ", words.subList(first, first + LENGTH)));
        }
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int begin = -1;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            if (Character.isLetterOrDigit(character)) {
                begin = begin < 0 ? at : begin;
            } else if (begin >= 0) {
                words.add(text.substring(begin, at));
                begin = -1;
            }
            at += Character.charCount(character);
        }
        if (begin >= 0) {
            words.add(text.substring(begin));
        }
        return words;
    }
}
