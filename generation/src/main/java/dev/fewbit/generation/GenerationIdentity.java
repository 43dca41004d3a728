package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.objectstore.Digests;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that decides a completion beside problem and index. Samples with one key are the same samples, whichever evaluation,
 * study or team asks.
 *
 * @param artifactId digest of the artifact's bytes
 * @param benchmarkDigest of the benchmark file: prompts and stop tokens
 * @param decoding how tokens are drawn, seed and mode included
 * @param engine that decodes
 * @param maxLength where a sequence is cut
 */
public record GenerationIdentity(
        String artifactId, String benchmarkDigest, DecodingSpec decoding, EngineFacts engine, int maxLength) {

    /** The prompt is the benchmark's, byte for byte, with the special tokens that the checkpoint's tokenizer puts before it. */
    private static final String PROMPT_STYLE = "verbatim";

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
        parts.put("decoding.max_new_tokens", String.valueOf(decoding.maxNewTokens()));
        parts.put("decoding.seed", String.valueOf(decoding.seed()));
        parts.put("decoding.mode", decoding.mode().toString());
        parts.put("prompt.style", PROMPT_STYLE);
        parts.put("engine", engine.engine());
        parts.put("engine.device", engine.deviceClass());
        parts.put("engine.activations", engine.activations());
        parts.put("engine.kv", engine.keysAndValues());
        parts.put("engine.max_length", String.valueOf(maxLength));
        return parts;
    }
}
