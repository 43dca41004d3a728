package dev.fewbit.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads YAML 1.2 text into a record. Keys and values are taken from the node tree, where positions are exact: what is wrong is
 * reported with line and column, whether it is the syntax, a key, or a value that the record refuses.
 */
public final class YamlRecords {
    /** Our records nest four deep. The tree is built by recursion: a text of nothing but brackets must not end it. */
    private static final int DEEPEST = 32;

    /**
     * Reads {@code text} into a {@code type}. Components may be records, lists, enums by their names in JSON, text, booleans
     * and numbers; a missing key is {@code null}, for the record to fill or refuse.
     *
     * @param text YAML or JSON, one document
     * @param source what messages call the text: a file name
     * @throws InvalidYamlException when it is not such a record; the message is one line
     */
    public <T extends Record> T read(String text, Class<T> type, String source) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(source).setUseMarks(true).build();
        try {
            checkDepth(settings, text, source);
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty() || !(root.get() instanceof MappingNode mapping)) {
                throw new InvalidYamlException(source + ": " + RecordBinder.mappingOf(type) + " is expected");
            }
            return new RecordBinder(source).bind(mapping, type);
        } catch (MarkedYamlEngineException e) {
            throw new InvalidYamlException(
                    e.getProblemMark().map(mark -> at(source, mark)).orElse(source) + ": " + oneLine(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new InvalidYamlException(source + ": " + oneLine(e.getMessage()));
        }
    }

    private static void checkDepth(LoadSettings settings, String text, String source) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > DEEPEST) {
                throw new InvalidYamlException(
                        event.getStartMark().map(mark -> at(source, mark)).orElse(source) + ": nested more than "
                                + DEEPEST + " deep");
            }
        }
    }

    static String at(String source, Mark mark) {
        return source + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    private static String oneLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
