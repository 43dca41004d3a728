package dev.fewbit.yaml;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.SecretKeys;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Makes records of nodes, and says where a node is not what its place in the record asks for. */
final class RecordBinder {
    private static final int FARTHEST_SUGGESTION = 3;
    private static final int LONGEST_QUOTE = 60;
    private static final String WHOLE_NUMBER = "a whole number";

    private final String source;

    RecordBinder(String source) {
        this.source = source;
    }

    <T extends Record> T bind(MappingNode node, Class<T> type) {
        return type.cast(mapping(node, type, ""));
    }

    /** How messages call what a record is made of. */
    static String mappingOf(Class<?> type) {
        return "a mapping with the keys " + String.join(", ", keys(type).keySet());
    }

    private Object value(Node node, Type type, String path) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list(node, list.getActualTypeArguments()[0], path);
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalArgumentException("a record's component cannot be a " + type);
        }
        if (plain.isRecord()) {
            if (node instanceof MappingNode mapping) {
                return mapping(mapping, plain, path);
            }
            throw refused(node, path, mappingOf(plain));
        }
        if (plain.isEnum()) {
            return constant(node, plain, path);
        }
        return scalar(node, plain, path);
    }

    private List<Object> list(Node node, Type item, String path) {
        if (!(node instanceof SequenceNode sequence)) {
            throw refused(node, path, "a list");
        }
        List<Object> items = new ArrayList<>();
        for (Node entry : sequence.getValue()) {
            items.add(value(entry, item, path + "[" + items.size() + "]"));
        }
        return items;
    }

    private Object mapping(MappingNode node, Class<?> type, String path) {
        Map<String, RecordComponent> known = keys(type);
        Map<String, Object> values = new HashMap<>();
        Map<String, Node> nodes = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            RecordComponent component = known.get(key);
            if (component == null) {
                throw new InvalidYamlException(at(tuple.getKeyNode()) + ": unknown key '" + quoted(key) + "'; "
                        + SecretKeys.refusal(key).orElseGet(() -> suggestion(key, known.keySet())));
            }
            if (nodes.put(key, tuple.getValueNode()) != null) {
                throw new InvalidYamlException(
                        at(tuple.getKeyNode()) + ": key '" + key + "' stands here a second time");
            }
            if (!isNull(tuple.getValueNode())) {
                String inner = path.isEmpty() ? key : path + "." + key;
                values.put(key, value(tuple.getValueNode(), component.getGenericType(), inner));
            }
        }
        try {
            return constructor(type)
                    .newInstance(known.keySet().stream().map(values::get).toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidSpecException invalid) {
                throw new InvalidYamlException(at(nodes.getOrDefault(invalid.key(), node)) + ": "
                        + (path.isEmpty() ? "" : path + ".") + invalid.getMessage());
            }
            throw new IllegalStateException(type + " cannot be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private Object constant(Node node, Class<?> type, String path) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            named.put(name((Enum<?>) constant), constant);
        }
        if (node instanceof ScalarNode scalar && named.containsKey(scalar.getValue())) {
            return named.get(scalar.getValue());
        }
        throw refused(node, path, String.join(", ", named.keySet()));
    }

    private Object scalar(Node node, Class<?> type, String path) {
        if (type == String.class) {
            if (node instanceof ScalarNode scalar && !isNull(node)) {
                // A name such as 007 is the text that stands there, whatever number it might be.
                return scalar.getValue();
            }
            throw refused(node, path, "text");
        }
        if (type == Integer.class || type == Long.class) {
            return wholeNumber(node, type, path);
        }
        if (type == Double.class) {
            if (node instanceof ScalarNode scalar && (is(node, Tag.FLOAT) || is(node, Tag.INT))) {
                try {
                    return Double.valueOf(scalar.getValue());
                } catch (NumberFormatException e) {
                    throw refused(node, path, "a number");
                }
            }
            throw refused(node, path, "a number");
        }
        if (type == Boolean.class) {
            if (node instanceof ScalarNode scalar && is(node, Tag.BOOL)) {
                return Boolean.valueOf(scalar.getValue());
            }
            throw refused(node, path, "true or false");
        }
        throw new IllegalArgumentException("a record's component cannot be a " + type);
    }

    private Object wholeNumber(Node node, Class<?> type, String path) {
        if (!(node instanceof ScalarNode scalar) || !is(node, Tag.INT)) {
            throw refused(node, path, WHOLE_NUMBER);
        }
        try {
            BigInteger number = new BigInteger(scalar.getValue());
            return type == Integer.class ? (Object) number.intValueExact() : (Object) number.longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw refused(node, path, WHOLE_NUMBER);
        }
    }

    private InvalidYamlException refused(Node node, String path, String allowed) {
        String found = switch (node) {
            case ScalarNode scalar -> isNull(node) ? "empty" : quoted(scalar.getValue());
            case SequenceNode _ -> "a list";
            default -> "a mapping";
        };
        return new InvalidYamlException(at(node) + ": " + path + " is " + found + "; allowed: " + allowed);
    }

    private String at(Node node) {
        return node.getStartMark().map(mark -> YamlRecords.at(source, mark)).orElse(source);
    }

    private static boolean is(Node node, Tag tag) {
        return tag.equals(node.getTag());
    }

    private static boolean isNull(Node node) {
        return is(node, Tag.NULL);
    }

    /** On one line, and no longer than a person reads. */
    private static String quoted(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
    }

    private static String suggestion(String key, Set<String> known) {
        LevenshteinDistance distance = new LevenshteinDistance(FARTHEST_SUGGESTION);
        // Beyond the threshold the distance is -1.
        return known.stream()
                .filter(k -> distance.apply(key, k) >= 0)
                .min(Comparator.comparing(k -> distance.apply(key, k)))
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElseGet(() -> "known keys: " + String.join(", ", known));
    }

    private static Constructor<?> constructor(Class<?> type) throws NoSuchMethodException {
        return type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
    }

    private static Map<String, RecordComponent> keys(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .collect(Collectors.toMap(RecordBinder::key, c -> c, (a, b) -> a, LinkedHashMap::new));
    }

    /** Jackson's annotation goes from the component to its accessor and field, not to {@link RecordComponent} itself. */
    private static String key(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty() ? component.getName() : property.value();
    }

    private static String name(Enum<?> constant) {
        try {
            JsonProperty property =
                    constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
            return property == null || property.value().isEmpty() ? constant.name() : property.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("an enum has a field for each of its constants", e);
        }
    }
}
