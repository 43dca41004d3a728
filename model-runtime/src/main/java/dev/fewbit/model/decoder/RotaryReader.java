package dev.fewbit.model.decoder;

import java.util.List;

/**
 * Reads rotary positions in both dialects: {@code rope_theta} beside {@code rope_scaling}, and all in {@code rope_parameters}.
 *
 * @see <a href="https://huggingface.co/docs/transformers/main/en/internal/rope_utils">RoPE in transformers</a>
 */
final class RotaryReader {
    private static final String FACTOR = "factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String PARTIAL = "partial_rotary_factor";
    private static final List<String> KNOWN = List.of("default", "linear", "llama3", "longrope", "su");
    /** GroupQueryAttention turns such widths only. */
    private static final int STEP = 16;

    private final ConfigValues config;
    private final ConfigValues scaling;
    private final int maxPositions;

    RotaryReader(ConfigValues config, int maxPositions) {
        this.config = config;
        this.scaling = config.object(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        this.maxPositions = maxPositions;
    }

    /** @param partial whether the architecture may turn a part of a head only */
    Positions.Rotary read(int headDim, boolean partial) {
        ConfigValues parts = scaling.has(PARTIAL) ? scaling : config;
        double share = parts.positive(PARTIAL, 1);
        if (share > 1 || (!partial && share != 1)) {
            throw parts.invalid(PARTIAL, partial ? "a number above 0, up to 1" : "1 or absent");
        }
        int dims = (int) (headDim * share);
        if (dims % STEP != 0) {
            throw parts.invalid(
                    PARTIAL, "a share of a head of " + headDim + " that is a multiple of " + STEP + ", not " + dims);
        }
        double theta = (scaling.has("rope_theta") ? scaling : config).positive("rope_theta", 10_000);
        return new Positions.Rotary(dims, theta, scaling(dims));
    }

    private RotaryScaling scaling(int dims) {
        String key = scaling.has("rope_type") ? "rope_type" : "type";
        String type = scaling.text(key, "default");
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(scaling.positive(FACTOR));
            case "llama3" ->
                new RotaryScaling.Llama3(
                        scaling.positive(FACTOR),
                        scaling.positive("low_freq_factor"),
                        scaling.positive("high_freq_factor"),
                        original());
            case "longrope", "su" -> longRope(dims);
            default -> throw scaling.invalid(key, ConfigValues.quoted(KNOWN));
        };
    }

    private RotaryScaling longRope(int dims) {
        int original = original();
        double factor = scaling.positive(FACTOR, (double) maxPositions / original);
        double magnitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        scaling.numbers("long_factor", dims / 2);
        return new RotaryScaling.LongRope(
                scaling.numbers("short_factor", dims / 2),
                scaling.positive("attention_factor", magnitude),
                Math.min(original, maxPositions));
    }

    /** Some configurations keep it beside the scaling, and mean it. */
    private int original() {
        return config.size(ORIGINAL, scaling.size(ORIGINAL, maxPositions));
    }
}
