package dev.fewbit.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * One rendered object, or a part of one: a tree of maps, lists and scalars.
 *
 * @param tree as the YAML says
 */
record Manifest(Map<?, ?> tree) {
    /** The core schema knows merge keys, which compose.yaml uses. */
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setSchema(new CoreSchema()).build();

    static List<Manifest> parseAll(String yaml) {
        List<Manifest> manifests = new ArrayList<>();
        for (Object document : new Load(SETTINGS).loadAllFromString(yaml)) {
            manifests.add(new Manifest((Map<?, ?>) document));
        }
        return manifests;
    }

    String kind() {
        return text("kind");
    }

    String name() {
        return text("metadata", "name");
    }

    /** The pod's specification, where this is a workload. */
    Optional<Manifest> pod() {
        return Optional.ofNullable(at("spec", "template", "spec")).map(pod -> new Manifest((Map<?, ?>) pod));
    }

    List<Manifest> containers() {
        return Stream.concat(list("initContainers").stream(), list("containers").stream())
                .toList();
    }

    List<Manifest> list(String... path) {
        Object found = at(path);
        return found == null
                ? List.of()
                : ((List<?>) found)
                        .stream().map(entry -> new Manifest((Map<?, ?>) entry)).toList();
    }

    Set<String> keys(String... path) {
        Set<String> keys = new TreeSet<>();
        if (at(path) instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> keys.add(key.toString()));
        }
        return keys;
    }

    String text(String... path) {
        Object found = at(path);
        return found == null ? null : found.toString();
    }

    /** What stands at {@code path}; {@code null} where the path ends early. */
    Object at(String... path) {
        Object node = tree;
        for (String key : path) {
            node = node instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return node;
    }

    @Override
    public String toString() {
        return tree.containsKey("kind") ? kind() + "/" + name() : tree.toString();
    }
}
