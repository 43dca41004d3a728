package dev.fewbit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.StoredRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A Hugging Face checkpoint: config, tokenizer and weights, the weights memory-mapped from {@code model.safetensors} or from the
 * shards that {@code model.safetensors.index.json} names. Safe for use by several threads; closing it unmaps the weights,
 * after which its tensors can no longer be read.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final List<String> OTHER_FILES = List.of(
            ModelConfigReader.GENERATION_CONFIG,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "tokenizer.model");

    private final Path directory;
    private final Arena arena;
    private final ModelConfig config;
    private final Map<String, Tensor> tensors;
    private final Map<String, StoredRows> places;
    private final Set<String> files;
    private String digest;

    private Checkpoint(
            Path directory,
            Arena arena,
            ModelConfig config,
            Map<String, Tensor> tensors,
            Map<String, StoredRows> places,
            Set<String> files) {
        this.directory = directory;
        this.arena = arena;
        this.config = config;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.places = places;
        this.files = files;
    }

    /**
     * Opens the checkpoint in {@code directory} and checks all that its files claim; no weight is read.
     *
     * @throws InvalidCheckpointException when something is missing, broken or not supported
     * @throws UncheckedIOException when a file cannot be read
     */
    public static Checkpoint open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InvalidCheckpointException(
                    directory,
                    (Files.exists(directory) ? "not a directory" : "no such directory")
                            + "; a checkpoint is a directory with " + ModelConfigReader.CONFIG + ", " + TOKENIZER
                            + " and " + WEIGHTS);
        }
        require(directory, ModelConfigReader.CONFIG);
        require(directory, TOKENIZER);
        Arena arena = Arena.ofShared();
        try {
            ModelConfig config = ModelConfigReader.read(directory);
            Map<String, Tensor> tensors = new TreeMap<>();
            Set<String> files = new TreeSet<>(mapWeights(directory, arena, tensors));
            Map<String, StoredRows> places = Architecture.of(config.decoder()).stored(config.decoder());
            placeStored(directory, places, tensors);
            files.add(ModelConfigReader.CONFIG);
            files.add(TOKENIZER);
            OTHER_FILES.stream()
                    .filter(name -> Files.isRegularFile(directory.resolve(name)))
                    .forEach(files::add);
            Checkpoint checkpoint = new Checkpoint(directory, arena, config, tensors, places, files);
            arena = null;
            return checkpoint;
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be read: " + e.getMessage(), e);
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }

    public Path directory() {
        return directory;
    }

    public ModelConfig config() {
        return config;
    }

    /**
     * The tensor called {@code name}, as {@link Architecture} names it; a view where the files hold it fused with others.
     *
     * @throws InvalidCheckpointException when the checkpoint has none
     */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            StoredRows place = places.get(name);
            throw new InvalidCheckpointException(
                    directory, "the weights have no tensor '" + (place == null ? name : place.tensor()) + "'");
        }
        return tensor;
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** All names, sorted. */
    public Set<String> tensorNames() {
        return tensors.keySet();
    }

    /** The files that make the checkpoint, sorted by name: config, tokenizer, weights. */
    public Set<String> files() {
        return Collections.unmodifiableSet(files);
    }

    /**
     * SHA-256 in lower-case hex over the sorted names and digests of {@link #files()}. Reads all of them the first time.
     *
     * @throws UncheckedIOException when a file cannot be read
     */
    public synchronized String digest() {
        if (digest == null) {
            try {
                digest = FileDigest.of(directory, files);
            } catch (IOException e) {
                throw new UncheckedIOException(directory + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return digest;
    }

    @Override
    public void close() {
        arena.close();
    }

    private static Set<String> mapWeights(Path directory, Arena arena, Map<String, Tensor> tensors) throws IOException {
        if (Files.exists(directory.resolve(WEIGHTS))) {
            tensors.putAll(
                    SafetensorsFile.open(directory.resolve(WEIGHTS), arena).tensors());
            return Set.of(WEIGHTS);
        }
        Path index = directory.resolve(INDEX);
        if (!Files.exists(index)) {
            throw new InvalidCheckpointException(directory, "has neither " + WEIGHTS + " nor " + INDEX);
        }
        Map<String, String> shards = readIndex(index);
        Map<String, SafetensorsFile> opened = new HashMap<>();
        for (String shard : new TreeSet<>(shards.values())) {
            require(directory, shard);
            opened.put(shard, SafetensorsFile.open(directory.resolve(shard), arena));
        }
        for (Map.Entry<String, String> entry : shards.entrySet()) {
            Tensor tensor = opened.get(entry.getValue()).tensors().get(entry.getKey());
            if (tensor == null) {
                throw new InvalidCheckpointException(
                        index, "tensor '" + entry.getKey() + "' is not in " + entry.getValue() + " where it should be");
            }
            tensors.put(entry.getKey(), tensor);
        }
        List<String> files = new ArrayList<>(opened.keySet());
        files.add(INDEX);
        return new TreeSet<>(files);
    }

    /** Puts tensors that the files name otherwise or hold fused under our names. What they lack is told when it is asked for. */
    private static void placeStored(Path directory, Map<String, StoredRows> places, Map<String, Tensor> tensors) {
        Map<String, Tensor> stored = new HashMap<>(tensors);
        places.values().forEach(place -> tensors.remove(place.tensor()));
        places.forEach((name, place) -> {
            Tensor whole = stored.get(place.tensor());
            if (whole != null) {
                tensors.put(name, part(directory, name, place, whole));
            }
        });
    }

    private static Tensor part(Path directory, String name, StoredRows place, Tensor whole) {
        long rows = whole.shape().length == 0 ? 0 : whole.shape()[0];
        long count = place.count().orElse(rows);
        if (place.first() + count > rows) {
            throw new InvalidCheckpointException(
                    directory,
                    "tensor '" + whole.name() + "' has shape " + Arrays.toString(whole.shape())
                            + "; config.json asks for at least " + (place.first() + count) + " rows");
        }
        return whole.rows(name, place.first(), count);
    }

    private static Map<String, String> readIndex(Path index) throws IOException {
        JsonNode map;
        try {
            map = new JsonMapper().readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(
                    index,
                    "not valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidCheckpointException(
                    index, "weight_map is " + map + "; allowed: tensor names to file names");
        }
        Map<String, String> shards = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().asText();
            // A shard lies beside its index: a path would reach out of the checkpoint.
            if (!shard.matches("[A-Za-z0-9._-]+\\.safetensors")) {
                throw new InvalidCheckpointException(
                        index,
                        "tensor '" + entry.getKey() + "' is in '" + shard + "'; allowed: a *.safetensors file name");
            }
            shards.put(entry.getKey(), shard);
        }
        return shards;
    }

    private static void require(Path directory, String name) {
        if (!Files.isRegularFile(directory.resolve(name))) {
            throw new InvalidCheckpointException(directory, "has no " + name);
        }
    }
}
