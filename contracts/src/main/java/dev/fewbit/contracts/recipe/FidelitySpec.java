package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;

/**
 * Held-out texts that the artifact is compared with the 16-bit model on: UTF-8 JSONL, or JSONL packed with gzip when the name ends in
 * {@code .gz}, with a {@code text} field; relative paths start at the installation's root.
 *
 * @param code held-out code, {@code null}: not measured
 * @param text held-out prose, {@code null}: not measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FidelitySpec(
        @JsonProperty("code") String code,
        @JsonProperty("text") String text) {
    private static final String ALLOWED = "the path of a JSONL file with a text field";

    public FidelitySpec {
        requirePath("code", code);
        requirePath("text", text);
    }

    private static void requirePath(String key, String path) {
        if (path != null && path.isBlank()) {
            throw new InvalidSpecException(key, path, ALLOWED);
        }
    }
}
