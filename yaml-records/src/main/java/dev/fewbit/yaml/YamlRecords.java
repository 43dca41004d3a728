package dev.fewbit.yaml;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.InvalidSpecException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML text into a record. Keys are checked on the node tree, where positions are exact; values are bound by Jackson
 * from the same parser's result, so that both steps agree on what {@code no} or {@code 1_000} means (YAML 1.2, JSON schema).
 */
public final class YamlRecords {
    private static final int FARTHEST_SUGGESTION = 3;

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /**
     * Reads {@code text} into a {@code type}.
     *
     * @param text YAML or JSON, one document
     * @param source what messages call the text: a file name
     * @throws InvalidYamlException when it is not such a record; the message is one line
     */
    public <T extends Record> T read(String text, Class<T> type, String source) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(source).setUseMarks(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty() || !(root.get() instanceof MappingNode mapping)) {
                throw new InvalidYamlException(source + ": a mapping with the keys " + keysOf(type) + " is expected");
            }
            checkKeys(mapping, type, source);
            Object value = new Load(settings).loadFromString(text);
            return mapper.treeToValue(mapper.<JsonNode>valueToTree(value), type);
        } catch (MarkedYamlEngineException e) {
            throw new InvalidYamlException(
                    e.getProblemMark().map(mark -> at(source, mark)).orElse(source) + ": " + oneLine(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new InvalidYamlException(source + ": " + oneLine(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw new InvalidYamlException(source + ": " + explain(e));
        }
    }

    private static void checkKeys(MappingNode mapping, Class<?> type, String source) {
        Map<String, RecordComponent> known = keys(type);
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String where = tuple.getKeyNode()
                    .getStartMark()
                    .map(mark -> at(source, mark))
                    .orElse(source);
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            RecordComponent component = known.get(key);
            if (component == null) {
                throw new InvalidYamlException(
                        where + ": unknown key '" + key + "'; " + suggestion(key, known.keySet()));
            }
            if (!seen.add(key)) {
                throw new InvalidYamlException(where + ": key '" + key + "' stands here a second time");
            }
            descend(tuple.getValueNode(), component.getGenericType(), source);
        }
    }

    private static void descend(Node node, Type type, String source) {
        if (node instanceof MappingNode mapping && type instanceof Class<?> record && record.isRecord()) {
            checkKeys(mapping, record, source);
        }
        if (node instanceof SequenceNode sequence && type instanceof ParameterizedType list) {
            sequence.getValue().forEach(item -> descend(item, list.getActualTypeArguments()[0], source));
        }
    }

    private static String suggestion(String key, Set<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String nearest = known.stream()
                .min(Comparator.comparing(k -> distance.apply(key, k)))
                .orElseThrow();
        return distance.apply(key, nearest) <= FARTHEST_SUGGESTION
                ? "did you mean '" + nearest + "'?"
                : "known keys: " + String.join(", ", known);
    }

    private static Map<String, RecordComponent> keys(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .collect(Collectors.toMap(YamlRecords::key, c -> c, (a, b) -> a, LinkedHashMap::new));
    }

    private static String keysOf(Class<?> type) {
        return String.join(", ", keys(type).keySet());
    }

    /** Jackson's annotation goes from the component to its accessor and field, not to {@link RecordComponent} itself. */
    private static String key(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty() ? component.getName() : property.value();
    }

    private static String explain(JsonProcessingException e) {
        if (e.getCause() instanceof InvalidSpecException invalid) {
            String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
            return path.isEmpty() ? invalid.getMessage() : path + ": " + invalid.getMessage();
        }
        if (e instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
            String allowed = Arrays.stream(format.getTargetType().getEnumConstants())
                    .map(Object::toString)
                    .collect(Collectors.joining(", "));
            return path(format) + " is " + format.getValue() + "; allowed: " + allowed;
        }
        if (e instanceof MismatchedInputException mismatch) {
            return path(mismatch) + " cannot be read as "
                    + (mismatch.getTargetType() == null
                            ? "its type"
                            : mismatch.getTargetType().getSimpleName())
                    + ": " + oneLine(mismatch.getOriginalMessage());
        }
        return oneLine(e.getOriginalMessage());
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        List<JsonMappingException.Reference> references = e.getPath();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static String at(String source, Mark mark) {
        return source + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    private static String oneLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
