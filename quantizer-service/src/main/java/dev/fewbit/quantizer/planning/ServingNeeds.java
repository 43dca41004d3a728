package dev.fewbit.quantizer.planning;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.Positions;

/**
 * Memory of a session that generates on a CPU, in exact mode, activations and cache in fp32.
 *
 * @param slots completions side by side
 * @param length positions of a slot
 * @param weightsBytes as resident
 * @param cacheBytes keys and values of all layers, slots and positions
 * @param workspaceBytes estimated: the JVM, what a prompt of the full length is computed with, the logits of a step, and tables of positions
 */
public record ServingNeeds(
        @JsonProperty("slots") int slots,
        @JsonProperty("length") int length,
        @JsonProperty("weightsBytes") long weightsBytes,
        @JsonProperty("cacheBytes") long cacheBytes,
        @JsonProperty("workspaceBytes") long workspaceBytes) {
    private static final long JVM = 160L << 20;
    /** Residual stream, its norm, a branch and their sum. */
    private static final int HIDDEN_COPIES = 4;

    static ServingNeeds of(ModelConfig config, ArtifactForecast forecast, int slots, int length) {
        // A step always has an even number of rows (BatchRows.REPRODUCIBLE of model-runtime).
        int rows = slots + slots % 2;
        long cache = 0;
        for (LayerSpec layer : config.decoder().layers()) {
            AttentionSpec attention = layer.attention();
            cache += 2L * rows * length * attention.kvHeads() * attention.headDim() * Float.BYTES;
        }
        LayerSpec layer = config.decoder().layers().getFirst();
        long width = (long) HIDDEN_COPIES * config.hiddenSize()
                + Math.max(
                        layer.attention().inputs().stream()
                                        .mapToLong(LinearSpec::n)
                                        .sum()
                                + layer.attention().output().k(),
                        2L
                                * layer.mlp().inputs().stream()
                                        .mapToLong(LinearSpec::n)
                                        .sum());
        long workspace =
                JVM + width * length * Float.BYTES + 2L * slots * config.vocabSize() * Float.BYTES + tables(config);
        return new ServingNeeds(slots, length, forecast.sizes().residentBytes(), cache, workspace);
    }

    /** Cosines and sines of all positions the model knows. */
    private static long tables(ModelConfig config) {
        return switch (config.decoder().positions()) {
            case Positions.Rotary rotary -> (long) config.maxPositionEmbeddings() * rotary.dims() * Float.BYTES;
            case Positions.Learned learned -> 0;
        };
    }

    /** All together. */
    @JsonProperty("totalBytes")
    public long totalBytes() {
        return weightsBytes + cacheBytes + workspaceBytes;
    }
}
