package dev.fewbit.model.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The keys of a {@code config.json}, read with their types. A key that is {@code null} counts as absent. Every method throws an
 * {@link InvalidConfigurationException} for a value that it does not allow.
 */
public final class ConfigValues {
    private static final int LARGEST_SIZE = 1 << 24;

    private final JsonNode object;
    private final String prefix;
    /** Names in the object of keys that it names otherwise. */
    private final Map<String, String> names;

    /** @param object a JSON object */
    public ConfigValues(JsonNode object) {
        this(object, "", Map.of());
    }

    private ConfigValues(JsonNode object, String prefix, Map<String, String> names) {
        this.object = object;
        this.prefix = prefix;
        this.names = names;
    }

    /** The same values, with other names for some keys. */
    ConfigValues renamed(Map<String, String> others) {
        return new ConfigValues(object, prefix, others);
    }

    /** The same values, and {@code value} where the key is not said at all: saying {@code null} is another thing. */
    ConfigValues or(String key, double value) {
        if (object.has(name(key))) {
            return this;
        }
        ObjectNode filled = object.deepCopy();
        if (value == (int) value) {
            filled.put(name(key), (int) value);
        } else {
            filled.put(name(key), value);
        }
        return new ConfigValues(filled, prefix, names);
    }

    /** As {@link #or(String, double)}. */
    ConfigValues or(String key, String value) {
        return object.has(name(key))
                ? this
                : new ConfigValues(((ObjectNode) object.deepCopy()).put(name(key), value), prefix, names);
    }

    /** The same values but for one key. */
    ConfigValues without(String key) {
        ObjectNode less = object.deepCopy();
        less.remove(name(key));
        return new ConfigValues(less, prefix, names);
    }

    public boolean has(String key) {
        return object.hasNonNull(name(key));
    }

    private String name(String key) {
        return names.getOrDefault(key, key);
    }

    private JsonNode get(String key) {
        return object.path(name(key));
    }

    int size(String key) {
        JsonNode value = get(key);
        if (!value.isInt() || value.asInt() < 1 || value.asInt() > LARGEST_SIZE) {
            throw invalid(key, "a whole number from 1 to " + LARGEST_SIZE);
        }
        return value.asInt();
    }

    int size(String key, int absent) {
        return has(key) ? size(key) : absent;
    }

    OptionalInt optionalSize(String key) {
        return has(key) ? OptionalInt.of(size(key)) : OptionalInt.empty();
    }

    /** A count that may be 0. */
    int count(String key, int absent) {
        return has(key) && get(key).isInt() && get(key).asInt() == 0 ? 0 : size(key, absent);
    }

    double positive(String key) {
        JsonNode value = get(key);
        if (!value.isNumber() || !(value.asDouble() > 0)) {
            throw invalid(key, "a number above 0");
        }
        return value.asDouble();
    }

    double positive(String key, double absent) {
        return has(key) ? positive(key) : absent;
    }

    OptionalDouble optionalPositive(String key) {
        return has(key) ? OptionalDouble.of(positive(key)) : OptionalDouble.empty();
    }

    boolean flag(String key, boolean absent) {
        if (has(key) && !get(key).isBoolean()) {
            throw invalid(key, "true or false");
        }
        return get(key).asBoolean(absent);
    }

    String text(String key, String absent) {
        return has(key) ? get(key).asText() : absent;
    }

    /** Refuses any value but {@code only}; an absent key is fine. */
    void requireFlag(String key, boolean only) {
        if (flag(key, only) != only) {
            throw invalid(key, only + " or absent");
        }
    }

    /** Refuses any value but {@code only}; an absent key is fine. */
    void requireText(String key, String only) {
        if (!text(key, only).equals(only)) {
            throw invalid(key, "\"" + only + "\" or absent");
        }
    }

    /** The text of a list of one; empty where it is none. */
    String onlyText(String key) {
        return get(key).isArray() && get(key).size() == 1 ? get(key).get(0).asText() : "";
    }

    /** A list of numbers above 0. */
    List<Double> numbers(String key, int count) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode value : get(key)) {
            if (value.isNumber() && value.asDouble() > 0) {
                numbers.add(value.asDouble());
            }
        }
        if (!get(key).isArray() || numbers.size() != get(key).size() || numbers.size() != count) {
            throw invalid(key, "a list of " + count + " numbers above 0");
        }
        return numbers;
    }

    /** A list of texts, each one of {@code allowed}; empty where the key is absent. */
    List<String> texts(String key, Collection<String> allowed) {
        List<String> texts = new ArrayList<>();
        if (has(key)) {
            get(key).forEach(value -> texts.add(value.asText()));
            if (!get(key).isArray() || !allowed.containsAll(texts)) {
                throw invalid(key, "a list of " + quoted(allowed));
            }
        }
        return texts;
    }

    /** Ids of tokens, one or a list of them; empty where the key is absent. */
    public List<Integer> tokens(String key, int vocabSize) {
        JsonNode value = get(key);
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode token : value.isArray() ? value : List.of(value)) {
            if (token.isMissingNode() || token.isNull()) {
                continue;
            }
            if (!token.isInt() || token.asInt() < 0 || token.asInt() >= vocabSize) {
                throw invalid(key, "token ids from 0 to " + (vocabSize - 1));
            }
            tokens.add(token.asInt());
        }
        return tokens;
    }

    /** A nested object; one without keys where the key is absent. */
    ConfigValues object(String key) {
        if (has(key) && !get(key).isObject()) {
            throw invalid(key, "an object");
        }
        return new ConfigValues(get(key), prefix + name(key) + ".", Map.of());
    }

    /** What is thrown when the value of {@code key} is not allowed. */
    InvalidConfigurationException invalid(String key, String allowed) {
        JsonNode value = get(key);
        return new InvalidConfigurationException(prefix + name(key), value.isMissingNode() ? null : value, allowed);
    }

    /** As {@link #invalid(String, String)}, for a value that was derived. */
    InvalidConfigurationException invalid(String key, Object value, String allowed) {
        return new InvalidConfigurationException(prefix + name(key), value, allowed);
    }

    /** Texts as JSON has them, one behind the other. */
    static String quoted(Collection<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(", "));
    }
}
