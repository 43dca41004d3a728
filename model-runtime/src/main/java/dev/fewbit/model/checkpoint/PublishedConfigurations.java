package dev.fewbit.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.decoder.ConfigValues;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Configurations of checkpoints on the Hugging Face Hub, the numbers of their {@code config.json} that shape the decoder, so that what
 * they will take can be planned without them.
 */
public final class PublishedConfigurations {
    private static final String RESOURCE = "published.json";
    private static final int NEAREST = 3;

    private final Map<String, ModelConfig> byId = new LinkedHashMap<>();

    public PublishedConfigurations() {
        try (InputStream in = PublishedConfigurations.class.getResourceAsStream(RESOURCE)) {
            JsonNode all = new JsonMapper().readTree(in);
            all.properties()
                    .forEach(entry ->
                            byId.put(entry.getKey(), ModelConfigReader.config(new ConfigValues(entry.getValue()))));
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RESOURCE + " cannot be read", e);
        }
    }

    /** All ids, such as {@code codellama/CodeLlama-7b-hf}. */
    public List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    /** The configuration of a Hub id, whatever the case of its letters. */
    public Optional<ModelConfig> find(String id) {
        return byId.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(id))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The ids that differ least from one that is not known. */
    public List<String> nearest(String id) {
        String wanted = name(id);
        return ids().stream()
                .sorted(Comparator.comparingInt(known -> distance(wanted, name(known))))
                .limit(NEAREST)
                .toList();
    }

    private static String name(String id) {
        return id.substring(id.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    /** Letters to insert, leave out or replace. */
    private static int distance(String a, String b) {
        List<Integer> above = new ArrayList<>();
        for (int j = 0; j <= b.length(); j++) {
            above.add(j);
        }
        for (int i = 1; i <= a.length(); i++) {
            List<Integer> row = new ArrayList<>(List.of(i));
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above.get(j - 1) + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row.add(Math.min(replaced, 1 + Math.min(above.get(j), row.get(j - 1))));
            }
            above = row;
        }
        return above.getLast();
    }
}
