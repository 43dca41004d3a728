package dev.fewbit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.ConfigValues;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Reads {@code config.json} and, where it is there, {@code generation_config.json}. A key that would change the arithmetic in
 * a way that is not built is refused, never ignored.
 */
final class ModelConfigReader {
    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String EOS = "eos_token_id";

    private ModelConfigReader() {}

    static ModelConfig read(Path directory) throws IOException {
        Path generation = directory.resolve(GENERATION_CONFIG);
        ModelConfig config = from(directory.resolve(CONFIG), ModelConfigReader::config);
        if (!Files.exists(generation)) {
            return config;
        }
        List<Integer> eos = from(generation, values -> values.tokens(EOS, config.vocabSize()));
        return eos.isEmpty() ? config : new ModelConfig(config.decoder(), config.bosTokenId(), eos);
    }

    /** Of {@code config.json} alone. */
    static ModelConfig config(ConfigValues values) {
        DecoderSpec decoder = Architecture.of(values).read(values);
        List<Integer> bos = values.tokens("bos_token_id", decoder.vocabSize());
        return new ModelConfig(
                decoder,
                bos.isEmpty() ? OptionalInt.empty() : OptionalInt.of(bos.getFirst()),
                values.tokens(EOS, decoder.vocabSize()));
    }

    private static <T> T from(Path file, Function<ConfigValues, T> reading) throws IOException {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root.isObject()) {
                return reading.apply(new ConfigValues(root));
            }
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(
                    file,
                    "not valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (InvalidConfigurationException e) {
            throw new InvalidCheckpointException(file, e.getMessage());
        }
        throw new InvalidCheckpointException(file, "not a JSON object");
    }
}
