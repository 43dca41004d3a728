package dev.fewbit.model.chat;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Functions that {@code transformers} gives to templates. */
public final class TemplateFunctions {
    /** A prompt must be the same on every day, so today is always this one; it is the date that templates fall back on. */
    private static final LocalDateTime TODAY = LocalDateTime.of(2024, 7, 26, 0, 0);

    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"));

    private TemplateFunctions() {}

    /** A template refuses its input. */
    public static String raise(String message) {
        throw new InvalidTemplateException(message);
    }

    /** The date of 26 July 2024, by a format of {@code strftime}. */
    public static String now(String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char letter = format.charAt(++i);
            if (letter == '%') {
                text.append('%');
            } else if (PATTERNS.containsKey(letter)) {
                text.append(DateTimeFormatter.ofPattern(PATTERNS.get(letter), Locale.ENGLISH)
                        .format(TODAY));
            } else {
                throw new InvalidTemplateException("strftime_now has no %" + letter);
            }
        }
        return text.toString();
    }
}
