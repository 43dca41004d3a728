package dev.fewbit.model.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * Jinja2's rules of white space with {@code trim_blocks} and {@code lstrip_blocks}, as {@code transformers} sets them, applied to a
 * template's source: what comes out has no marks ({@code {%-}, {@code -%}}) and means the same to an engine that leaves white space alone.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control">Whitespace control</a>
 */
public final class PythonWhitespace {
    private PythonWhitespace() {}

    /** A tag with its inner text, or text when {@code kind} is 0. */
    private record Piece(char kind, String text, char before, char after) {
        boolean isText() {
            return kind == 0;
        }

        /** Statements and comments, not expressions. */
        boolean isBlock() {
            return kind == '%' || kind == '#';
        }
    }

    /** Whether Python's {@code str.strip} takes a character off. */
    public static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    static String applied(String source) {
        // One line feed at the end goes: keep_trailing_newline is off.
        List<Piece> pieces = pieces(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.isText()) {
                Piece previous = i == 0 ? null : pieces.get(i - 1);
                Piece next = i + 1 == pieces.size() ? null : pieces.get(i + 1);
                out.append(text(piece.text(), previous, next));
            } else if (piece.kind() == '{') {
                out.append("{{").append(piece.text()).append("}}");
            } else if (piece.kind() == '%') {
                out.append("{%").append(piece.text()).append("%}");
            }
        }
        return out.toString();
    }

    private static String text(String text, Piece previous, Piece next) {
        int start = 0;
        int end = text.length();
        if (previous != null && previous.after() == '-') {
            while (start < end && isSpace(text.charAt(start))) {
                start++;
            }
        } else if (previous != null && previous.isBlock() && previous.after() != '+' && text.startsWith("\n")) {
            start = 1;
        }
        if (next != null && next.before() == '-') {
            while (end > start && isSpace(text.charAt(end - 1))) {
                end--;
            }
        } else if (next != null && next.isBlock() && next.before() != '+') {
            int line = end;
            while (line > start && text.charAt(line - 1) != '\n' && isSpace(text.charAt(line - 1))) {
                line--;
            }
            boolean atLineStart = line > 0 ? text.charAt(line - 1) == '\n' : previous == null;
            end = atLineStart ? line : end;
        }
        return text.substring(start, end);
    }

    private static List<Piece> pieces(String source) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        int textStart = 0;
        while (at < source.length() - 1) {
            char kind = source.charAt(at + 1);
            if (source.charAt(at) != '{' || kind != '{' && kind != '%' && kind != '#') {
                at++;
                continue;
            }
            if (at > textStart || pieces.isEmpty() || !pieces.getLast().isText()) {
                pieces.add(new Piece((char) 0, source.substring(textStart, at), ' ', ' '));
            }
            int end = end(source, at + 2, kind == '{' ? '}' : kind);
            pieces.add(tag(kind, source.substring(at + 2, end)));
            at = end + 2;
            textStart = at;
        }
        pieces.add(new Piece((char) 0, source.substring(textStart), ' ', ' '));
        return pieces;
    }

    private static Piece tag(char kind, String inner) {
        int start = 0;
        int end = inner.length();
        char before = mark(inner, 0);
        char after = end > 1 ? mark(inner, end - 1) : ' ';
        start += before == ' ' ? 0 : 1;
        end -= after == ' ' ? 0 : 1;
        return new Piece(kind, inner.substring(start, Math.max(start, end)), before, after);
    }

    private static char mark(String inner, int at) {
        char c = inner.isEmpty() ? ' ' : inner.charAt(at);
        return c == '-' || c == '+' ? c : ' ';
    }

    /** Where a tag's closing mark begins; none inside a string counts. */
    private static int end(String source, int from, char closing) {
        char quote = 0;
        for (int i = from; i < source.length() - 1; i++) {
            char c = source.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (closing != '#' && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == closing && source.charAt(i + 1) == '}') {
                return i;
            }
        }
        throw new InvalidTemplateException("the chat template has a tag that nothing closes: {"
                + source.substring(from - 1, Math.min(source.length(), from + 30))
                        .lines()
                        .findFirst()
                        .orElse(""));
    }
}
