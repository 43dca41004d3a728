package dev.fewbit.evaluator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.generation.CompletionGenerator.Completed;
import dev.fewbit.generation.UnusableModelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * One sample: what is asked for it, and what the answer means.
 *
 * @param prompt sent as text; the server's tokenizer puts a BOS token before it where its model has one
 */
record CompletionCall(
        OpenAiSpec server, DecodingSpec decoding, StopRule stop, String problem, String prompt, int index) {
    /** What OpenAI's own API takes; the stop rule cuts at the others afterwards. */
    private static final int STANDARD_STOPS = 4;

    /** As {@code transformers} has it: llama.cpp by itself cuts before it divides by the temperature, and has a min_p. */
    private static final List<String> SAMPLERS = List.of("temperature", "top_k", "top_p");

    /** The request's body. */
    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", server.model());
        body.put("prompt", decoding.prompt() == PromptStyle.STRIPPED ? prompt.strip() : prompt);
        body.put("max_tokens", decoding.maxNewTokens());
        body.put("temperature", decoding.temperature());
        body.put("top_p", decoding.topP());
        body.put("seed", seed());
        body.put("n", 1);
        body.put("stream", false);
        List<String> stops = stop.stopTokens();
        if (!stops.isEmpty()) {
            ArrayNode sent = body.putArray("stop");
            stops.stream()
                    .limit(server.extensions() ? stops.size() : STANDARD_STOPS)
                    .forEach(sent::add);
        }
        if (server.extensions()) {
            body.put("top_k", decoding.topK());
            body.put("min_p", 0.0);
            ArrayNode samplers = body.putArray("samplers");
            SAMPLERS.forEach(samplers::add);
        }
        return body;
    }

    /**
     * Reads the answer.
     *
     * @throws ServerFaultException when it is no whole completion
     * @throws UnusableModelException when the server does not count tokens, or filters what the model wrote
     */
    Completed completed(JsonNode answer) throws ServerFaultException {
        JsonNode choice = answer.at("/choices/0");
        if (!choice.path("text").isTextual()) {
            throw new ServerFaultException(server.url() + " answered without choices[0].text");
        }
        JsonNode tokens = answer.at("/usage/completion_tokens");
        if (!tokens.isInt() || tokens.intValue() < 0) {
            throw new UnusableModelException(
                    server.url()
                            + " answered without usage.completion_tokens; allowed: a server that counts the tokens of a completion");
        }
        return new Completed(
                problem, index, choice.path("text").textValue(), tokens.intValue(), finish(choice, tokens.intValue()));
    }

    private String finish(JsonNode choice, int tokens) throws ServerFaultException {
        String reason = choice.path("finish_reason").asText("");
        return switch (reason) {
            // vLLM names the stop string, or null for the end token; others do not tell the two apart.
            case "stop" ->
                choice.has("stop_reason") && choice.path("stop_reason").isNull() ? "end-of-text" : "stop";
            case "length" -> tokens >= decoding.maxNewTokens() ? "max-new-tokens" : "max-length";
            case "content_filter" ->
                throw new UnusableModelException(server.url() + " filtered the completion of problem '" + problem
                        + "' (finish_reason content_filter); allowed: a server that answers what its model wrote");
            default ->
                throw new ServerFaultException(server.url() + " broke off a completion (finish_reason "
                        + (reason.isEmpty() ? "missing" : reason) + ")");
        };
    }

    /** Like our own engine's random numbers it depends on (seed, problem, index) alone; 31 bits, which every server takes. */
    int seed() {
        byte[] name = problem.getBytes(StandardCharsets.UTF_8);
        byte[] identity = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + name.length)
                .putLong(decoding.seed())
                .putInt(index)
                .put(name)
                .array();
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(identity))
                            .getInt()
                    >>> 1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
