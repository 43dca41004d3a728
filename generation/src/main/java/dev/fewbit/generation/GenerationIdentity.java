package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.objectstore.Digests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that decides a completion beside problem and index. Samples with one key are the same samples, whichever evaluation,
 * study or team asks.
 *
 * @param artifactId digest of the artifact's bytes, or what a request says of a served model
 * @param benchmarkDigest of the benchmark file: prompts and stop tokens
 * @param decoding how tokens are drawn, seed and mode included
 * @param engine that decodes
 * @param maxLength where a sequence is cut; {@link #SERVERS_LENGTH} where a server decides
 */
public record GenerationIdentity(
        String artifactId, String benchmarkDigest, DecodingSpec decoding, EngineFacts engine, int maxLength) {

    /** Stands for a length that is not ours to choose. */
    public static final int SERVERS_LENGTH = 0;

    /** SHA-256 over the parts, a line {@code key=value} each, in their order. */
    public String key() {
        StringBuilder lines = new StringBuilder();
        parts().forEach((key, value) ->
                lines.append(key).append('=').append(value).append('\n'));
        return Digests.of(lines.toString());
    }

    /** The parts under the names that provenance shows. */
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("artifact", artifactId);
        parts.put("benchmark.digest", benchmarkDigest);
        parts.put("decoding.temperature", String.valueOf(decoding.temperature()));
        parts.put("decoding.top_p", String.valueOf(decoding.topP()));
        parts.put("decoding.top_k", String.valueOf(decoding.topK()));
        if (decoding.maxNewTokens() != null) {
            parts.put("decoding.max_new_tokens", String.valueOf(decoding.maxNewTokens()));
        }
        if (decoding.maxLength() != null) {
            parts.put("decoding.max_length", String.valueOf(decoding.maxLength()));
        }
        if (decoding.stop() != null) {
            parts.put("decoding.stop", quoted(decoding.stop()));
        }
        parts.put("decoding.seed", String.valueOf(decoding.seed()));
        parts.put("decoding.mode", decoding.mode().toString());
        parts.put("prompt.style", style(decoding.prompt()));
        parts.put("engine", engine.engine());
        parts.put("engine.device", engine.deviceClass());
        parts.put("engine.activations", engine.activations());
        parts.put("engine.kv", engine.keysAndValues());
        // Where the decoding says the length, the room of a slot decides nothing.
        if (decoding.maxLength() == null) {
            parts.put("engine.max_length", maxLength == SERVERS_LENGTH ? "the server's" : String.valueOf(maxLength));
        }
        return parts;
    }

    private static String style(PromptStyle style) {
        return switch (style) {
            case PLAIN -> "verbatim";
            case STRIPPED -> "stripped";
            case CHAT -> "chat, request 1";
        };
    }

    /** The strings as one line that no other list gives. */
    private static String quoted(List<String> strings) {
        return strings.stream()
                .map(string ->
                        '"' + string.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"')
                .collect(Collectors.joining(","));
    }
}
