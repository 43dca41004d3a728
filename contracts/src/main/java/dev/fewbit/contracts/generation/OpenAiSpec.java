package dev.fewbit.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.PlainText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * A server that speaks OpenAI's completions API ({@code POST {url}/v1/completions}), as vLLM and llama.cpp's server do. It holds no
 * secret: a study's specification is stored, sent around and printed in reports.
 *
 * @param url of the server, {@code http} or {@code https}; {@code /v1} at its end may be left out
 * @param model as the server calls it
 * @param keyEnv the environment variable of the evaluator service that holds the key, {@code FEWBIT_EVALUATOR_KEY} or that with a
 *     suffix such as {@code _VLLM}; {@code null}: no key is sent
 * @param concurrency requests under way at once, 1 to 256; default 4
 * @param timeoutSeconds until a request counts as failed, 1 to 3600; default 300
 * @param extensions whether the server takes {@code top_k}, {@code min_p}, {@code samplers} and any number of stop strings, as vLLM and
 *     llama.cpp do; default {@code true}. With {@code false} only what OpenAI's own API has is sent: {@code top_k} does not apply
 */
@JsonPropertyOrder({"url", "model", "key_env", "concurrency", "timeout_seconds", "extensions"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenAiSpec(
        @JsonProperty(value = "url", required = true) String url,
        @JsonProperty(value = "model", required = true) String model,
        @JsonProperty("key_env") String keyEnv,
        @JsonProperty("concurrency") Integer concurrency,
        @JsonProperty("timeout_seconds") Integer timeoutSeconds,
        @JsonProperty("extensions") Boolean extensions) {

    /** How the names of variables with keys begin; a study cannot have another variable of the service sent anywhere. */
    public static final String KEY_VARIABLE = "FEWBIT_EVALUATOR_KEY";

    private static final Pattern KEY_NAME = Pattern.compile(KEY_VARIABLE + "(_[A-Z0-9_]+)?");
    private static final String ALLOWED_URL = "http://HOST:PORT or https://HOST, with a path where the server has one";
    private static final int DEFAULT_CONCURRENCY = 4;
    private static final int MOST_CONCURRENCY = 256;
    private static final int DEFAULT_TIMEOUT = 300;
    private static final int LONGEST_TIMEOUT = 3600;

    public OpenAiSpec {
        PlainText.require("url", url, ALLOWED_URL);
        url = address(url);
        PlainText.require("model", model, "the model's name as the server lists it");
        if (keyEnv != null && !KEY_NAME.matcher(keyEnv).matches()) {
            // Whoever takes it for the place of the key itself would find the key in a log.
            throw new InvalidSpecException(
                    "key_env",
                    "no name of a variable for keys (not shown: it may be a key)",
                    KEY_VARIABLE + " or that with a suffix such as _VLLM, a variable of the evaluator service");
        }
        concurrency = concurrency == null ? Integer.valueOf(DEFAULT_CONCURRENCY) : concurrency;
        if (concurrency < 1 || concurrency > MOST_CONCURRENCY) {
            throw new InvalidSpecException("concurrency", concurrency, "1 to " + MOST_CONCURRENCY);
        }
        timeoutSeconds = timeoutSeconds == null ? Integer.valueOf(DEFAULT_TIMEOUT) : timeoutSeconds;
        if (timeoutSeconds < 1 || timeoutSeconds > LONGEST_TIMEOUT) {
            throw new InvalidSpecException("timeout_seconds", timeoutSeconds, "1 to " + LONGEST_TIMEOUT);
        }
        extensions = extensions == null ? Boolean.TRUE : extensions;
    }

    /** A server that needs no key, with the defaults. */
    public OpenAiSpec(String url, String model) {
        this(url, model, null, null, null, null);
    }

    /** The address without what may be left out, so that two ways to write it are one. */
    private static String address(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new InvalidSpecException("url", "no address (" + e.getReason() + ")", ALLOWED_URL);
        }
        if (uri.getRawUserInfo() != null) {
            throw new InvalidSpecException(
                    "url",
                    "an address with a user or password (not shown)",
                    ALLOWED_URL
                            + "; a study is stored and shown, so a secret has no place in it: name a variable in key_env");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new InvalidSpecException(
                    "url",
                    "an address with ? or # (not shown: it may be a key)",
                    ALLOWED_URL + "; a key stands in the variable that key_env names");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new InvalidSpecException("url", PlainText.quoted(text), ALLOWED_URL);
        }
        return uri.toString().replaceAll("/+$", "").replaceAll("/v1$", "");
    }
}
