package dev.fewbit.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.PlainText;

/**
 * A model that Fewbit did not make, as its author describes it: the server that generates, and what no server tells. Width and
 * size are taken as stated; reports say so.
 *
 * @param openai the server
 * @param bits a weight, as reports compare it: 1 to 16
 * @param storedBytes of the model's files on disk, 1 or more
 * @param method how it was quantized, as reports call it, such as {@code GGUF Q4_0}; {@code null}: the server's name of the model
 */
@JsonPropertyOrder({"openai", "bits", "stored_bytes", "method"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GeneratorSpec(
        @JsonProperty(value = "openai", required = true) OpenAiSpec openai,
        @JsonProperty(value = "bits", required = true) Integer bits,

        @JsonProperty(value = "stored_bytes", required = true)
        Long storedBytes,

        @JsonProperty("method") String method) {
    private static final int MOST_BITS = 16;
    private static final int LONGEST_METHOD = 60;

    public GeneratorSpec {
        if (openai == null) {
            throw new InvalidSpecException("openai", null, "a mapping with the keys url and model");
        }
        if (bits == null || bits < 1 || bits > MOST_BITS) {
            throw new InvalidSpecException("bits", bits, "1 to " + MOST_BITS + ", bits a weight of the served model");
        }
        if (storedBytes == null || storedBytes < 1) {
            throw new InvalidSpecException("stored_bytes", storedBytes, "1 or more, bytes of the served model's files");
        }
        if (method != null) {
            String allowed = "1 to " + LONGEST_METHOD + " characters, such as GGUF Q4_0";
            PlainText.require("method", method, allowed);
            if (method.codePointCount(0, method.length()) > LONGEST_METHOD) {
                throw new InvalidSpecException("method", PlainText.quoted(method), allowed);
            }
        }
    }

    /** What stands in a report's column of methods. */
    public String label() {
        return "openai: " + (method == null ? openai.model() : method);
    }

    /**
     * What is judged, on one line and wherever it is served: stands where an artifact's id stands. Two models behind one name are told
     * apart by what is stated of them.
     */
    public String subject() {
        return "openai: " + openai.model() + ", " + bits + " bits, " + storedBytes + " bytes"
                + (method == null ? "" : ", " + method);
    }
}
