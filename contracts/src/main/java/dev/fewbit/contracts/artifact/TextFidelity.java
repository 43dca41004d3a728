package dev.fewbit.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How near the artifact's distributions of the next token are to the 16-bit model's on a text.
 *
 * @param perplexity of the artifact
 * @param referencePerplexity of the 16-bit model
 * @param klMean mean over positions of {@code KL(16-bit || artifact)}, in nats
 * @param klP99 99th percentile of the same
 * @param top1Agreement share of positions where both hold the same token for the most likely
 * @param tokens predicted
 */
public record TextFidelity(
        @JsonProperty(value = "perplexity", required = true) double perplexity,

        @JsonProperty(value = "referencePerplexity", required = true)
        double referencePerplexity,

        @JsonProperty(value = "klMean", required = true) double klMean,
        @JsonProperty(value = "klP99", required = true) double klP99,

        @JsonProperty(value = "top1Agreement", required = true)
        double top1Agreement,

        @JsonProperty(value = "tokens", required = true) int tokens) {}
