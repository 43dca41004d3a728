package dev.fewbit.benchmark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A benchmark's record: a JSON object whose texts are decoded and whose lists in lists stay as they are written, so that nothing of
 * an input is lost. What asks for a key that is missing or holds something else is told so in one line.
 */
final class JsonRecord {
    /** Inputs hold integers of hundreds of digits, infinities, and strings as long as a line. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final int LONGEST_SHOWN = 80;

    private sealed interface Value {
        /** As messages show it. */
        String shown();
    }

    private record Text(String text) implements Value {
        @Override
        public String shown() {
            return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
        }
    }

    /** A number, {@code true} or {@code false}, as written. */
    private record Scalar(String text, boolean whole) implements Value {
        @Override
        public String shown() {
            return text;
        }
    }

    private record Elements(List<Value> values) implements Value {
        @Override
        public String shown() {
            return "a list";
        }
    }

    /** An object, or a list in a list, as written. */
    private record Json(String text) implements Value {
        @Override
        public String shown() {
            return text;
        }
    }

    private final String where;
    private final Map<String, Value> values;

    private JsonRecord(String where, Map<String, Value> values) {
        this.where = where;
        this.values = values;
    }

    /**
     * Takes a record apart.
     *
     * @param where how messages begin: file and line
     */
    static JsonRecord of(String text, String where) throws InvalidBenchmarkException {
        try (JsonParser parser = JSON.createParser(text)) {
            Map<String, Value> values = new LinkedHashMap<>();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidBenchmarkException(where + ": a JSON object is expected");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                parser.nextToken();
                Value value = value(parser, text, false);
                if (value != null) {
                    values.put(key, value);
                }
            }
            if (parser.nextToken() != null) {
                throw new InvalidBenchmarkException(where + ": more follows the JSON object; one object a record");
            }
            return new JsonRecord(where, values);
        } catch (JsonProcessingException e) {
            throw new InvalidBenchmarkException(where + ": is not JSON: " + reason(e));
        } catch (IOException e) {
            throw new UncheckedIOException("a string in memory can be read", e);
        }
    }

    /** What is wrong, in one line without the text's own. */
    static String reason(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").replace('\0', '\uFFFD');
    }

    /** {@code null} for JSON's. */
    private static Value value(JsonParser parser, String text, boolean nested) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NUMBER_INT -> new Scalar(parser.getText(), true);
            case VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> new Scalar(parser.getText(), false);
            case VALUE_NULL -> nested ? new Scalar("null", false) : null;
            case START_ARRAY -> nested ? json(parser, text) : elements(parser, text);
            case START_OBJECT -> json(parser, text);
            default -> throw new IllegalStateException("no value begins with " + parser.currentToken());
        };
    }

    private static Value elements(JsonParser parser, String text) throws IOException {
        List<Value> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(parser, text, true));
        }
        return new Elements(values);
    }

    private static Value json(JsonParser parser, String text) throws IOException {
        int begin = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
        parser.skipChildren();
        int end = Math.toIntExact(parser.currentTokenLocation().getCharOffset()) + 1;
        return new Json(text.substring(begin, end));
    }

    /** A text, which may be empty. */
    String text(String key) throws InvalidBenchmarkException {
        if (required(key) instanceof Text found) {
            return found.text();
        }
        throw complaint(key + " is no string; a string is expected");
    }

    /** A text, empty where the record has no such key. */
    String textOrEmpty(String key) throws InvalidBenchmarkException {
        return values.containsKey(key) ? text(key) : "";
    }

    /** What names the problem, or something in it: a text or a whole number, in one line. */
    String name(String key) throws InvalidBenchmarkException {
        Value value = required(key);
        if (value instanceof Scalar scalar && scalar.whole()) {
            return scalar.text();
        }
        String name = text(key);
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw complaint(key + " is " + value.shown() + "; allowed: text without control characters, not blank");
        }
        return name;
    }

    /** A number that is finite and not negative. */
    double size(String key) throws InvalidBenchmarkException {
        Value value = required(key);
        if (value instanceof Scalar scalar && scalar.text().matches("[0-9.eE+-]+")) {
            double number = Double.parseDouble(scalar.text());
            if (number >= 0 && Double.isFinite(number)) {
                return number;
            }
        }
        throw complaint(key + " is " + shortened(value.shown()) + "; a number from 0 is expected");
    }

    /** Strings that are not empty. */
    List<String> texts(String key) throws InvalidBenchmarkException {
        if (!(required(key) instanceof Elements list)) {
            throw complaint(key + " is no list; a list of strings is expected");
        }
        List<String> texts = new ArrayList<>();
        for (Value value : list.values()) {
            if (!(value instanceof Text found) || found.text().isEmpty()) {
                throw complaint(
                        key + " holds " + shortened(value.shown()) + "; only strings that are not empty are allowed");
            }
            texts.add(found.text());
        }
        return texts;
    }

    /** Lists of arguments, each as it is written. An empty object, which one release of EvalPlus has, is an empty list. */
    List<String> argumentLists(String key) throws InvalidBenchmarkException {
        Value value = required(key);
        if (value instanceof Json(String json)
                && json.substring(1, json.length() - 1).isBlank()) {
            return List.of();
        }
        if (!(value instanceof Elements list)) {
            throw complaint(key + " is no list; a list of lists of arguments is expected");
        }
        List<String> lists = new ArrayList<>();
        for (Value element : list.values()) {
            if (!(element instanceof Json(String json)) || json.charAt(0) != '[') {
                throw complaint(key + " holds " + shortened(element.shown()) + "; only lists of arguments are allowed");
            }
            lists.add(json);
        }
        return lists;
    }

    /** All texts, numbers and truth values but those under {@code taken}, by key. */
    Map<String, String> fieldsBut(Set<String> taken) {
        Map<String, String> fields = new HashMap<>();
        values.forEach((key, value) -> {
            if (!taken.contains(key)) {
                switch (value) {
                    case Text(String text) -> fields.put(key, text);
                    case Scalar scalar -> fields.put(key, scalar.text());
                    case Elements _, Json _ -> {}
                }
            }
        });
        return fields;
    }

    /** An exception that says where the record stands. */
    InvalidBenchmarkException complaint(String what) {
        return new InvalidBenchmarkException(where + ": " + what);
    }

    private Value required(String key) throws InvalidBenchmarkException {
        Value value = values.get(key);
        if (value == null) {
            throw complaint("key '" + key + "' is missing");
        }
        return value;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}
