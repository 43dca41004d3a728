package dev.fewbit.contracts;

/** Text that people write into a study: it goes to a terminal, a page, a database and paths, none of which takes everything. */
public final class PlainText {
    private static final int LONGEST_QUOTE = 60;

    private PlainText() {}

    /**
     * Refuses text that is missing or blank, or holds control characters or half of a surrogate pair.
     *
     * @param allowed what may stand there, as {@link InvalidSpecException} says it
     */
    public static void require(String key, String text, String allowed) {
        if (text == null || text.isBlank()) {
            throw new InvalidSpecException(key, text, allowed);
        }
        if (text.codePoints().anyMatch(PlainText::isUnprintable)) {
            throw new InvalidSpecException(key, quoted(text), allowed + ", without control characters");
        }
    }

    /** The text on one line, in quotes, and no longer than a person reads. */
    public static String quoted(String text) {
        String shown = text.codePoints()
                .limit(LONGEST_QUOTE)
                .collect(
                        StringBuilder::new,
                        (line, point) -> line.appendCodePoint(isUnprintable(point) ? '\uFFFD' : point),
                        StringBuilder::append)
                .toString();
        return "'" + shown + (text.codePointCount(0, text.length()) > LONGEST_QUOTE ? "…'" : "'");
    }

    private static boolean isUnprintable(int point) {
        return Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
    }
}
