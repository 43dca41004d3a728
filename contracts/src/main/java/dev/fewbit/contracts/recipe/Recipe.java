package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import java.util.List;
import java.util.Set;

/**
 * How a checkpoint becomes an artifact.
 *
 * @param method how weights are mapped to codes
 * @param bits bits a weight: 16 with method {@code none}, else 8, 4, 3 or 2
 * @param blockSize weights along K that share a scale and a zero point (GPTQ's "group size"): 32, 64 (default) or 128
 * @param symmetric no zero point (default {@code false}: an unsigned zero point a block)
 * @param calibration text that calibrated methods look at (default: the set {@code code}); the others accept and ignore it
 * @param embeddingBits of embedding and head: 16 (default), 8 or 4
 * @param overrides other widths for some decoder linears (default: none)
 * @param clipping of {@code rtn} (default {@code minmax}); {@code null} with every other method
 * @param fidelity held-out texts to compare on; {@code null}: the reference model's own for the reference model, none for others
 * @param steps of {@code gptq+} and {@code gptq+tuned} (default: all of them); {@code gptq} has {@code act_order} alone
 */
@JsonPropertyOrder({
    "method",
    "bits",
    "block_size",
    "symmetric",
    "calibration",
    "embedding_bits",
    "overrides",
    "clipping",
    "fidelity",
    "steps"
})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Recipe(
        @JsonProperty(value = "method", required = true) Method method,
        @JsonProperty(value = "bits", required = true) Integer bits,
        @JsonProperty("block_size") Integer blockSize,
        @JsonProperty("symmetric") Boolean symmetric,
        @JsonProperty("calibration") CalibrationSpec calibration,
        @JsonProperty("embedding_bits") Integer embeddingBits,
        @JsonProperty("overrides") List<WidthOverride> overrides,
        @JsonProperty("clipping") Clipping clipping,
        @JsonProperty("fidelity") FidelitySpec fidelity,
        @JsonProperty("steps") StepsSpec steps) {

    public static final int BASELINE_BITS = 16;
    private static final int DEFAULT_BLOCK_SIZE = 64;
    static final Set<Integer> WIDTHS = Set.of(8, 4, 3, 2);
    private static final Set<Integer> EMBEDDING_WIDTHS = Set.of(16, 8, 4);
    private static final Set<Integer> BLOCK_SIZES = Set.of(32, 64, 128);

    public Recipe {
        if (method == null) {
            throw new InvalidSpecException("method", null, "none, rtn, awq, gptq, gptq+ or gptq+tuned");
        }
        if (bits == null) {
            throw new InvalidSpecException("bits", null, "16 with method none, else 8, 4, 3 or 2");
        }
        if (method == Method.NONE && bits != BASELINE_BITS) {
            throw new InvalidSpecException("bits", bits, "16 with method none");
        }
        if (method != Method.NONE && !WIDTHS.contains(bits)) {
            throw new InvalidSpecException("bits", bits, "8, 4, 3 or 2 with method " + method);
        }
        if (blockSize == null) {
            blockSize = DEFAULT_BLOCK_SIZE;
        }
        if (!BLOCK_SIZES.contains(blockSize)) {
            throw new InvalidSpecException("block_size", blockSize, "32, 64 or 128");
        }
        if (symmetric == null) {
            symmetric = false;
        }
        if (calibration == null && method.calibrated()) {
            calibration = CalibrationSpec.code();
        }
        if (embeddingBits == null) {
            embeddingBits = BASELINE_BITS;
        }
        if (!EMBEDDING_WIDTHS.contains(embeddingBits) || (method == Method.NONE && embeddingBits != BASELINE_BITS)) {
            throw new InvalidSpecException(
                    "embedding_bits", embeddingBits, method == Method.NONE ? "16 with method none" : "16, 8 or 4");
        }
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
        if (method == Method.NONE && !overrides.isEmpty()) {
            throw new InvalidSpecException("overrides", "given with method none", "overrides with every other method");
        }
        if (clipping != null && method != Method.RTN) {
            throw new InvalidSpecException(
                    "clipping", clipping + " with method " + method, "clipping with method rtn only");
        }
        if (clipping == null && method == Method.RTN) {
            clipping = Clipping.MIN_MAX;
        }
        if (steps == null && method.improved()) {
            steps = StepsSpec.unsaid();
        }
        steps = steps == null ? null : steps.filledFor(method);
    }

    /** A recipe with its embedding at 16 bits, one width, and the default clipping of its method. */
    public Recipe(
            Method method,
            Integer bits,
            Integer blockSize,
            Boolean symmetric,
            CalibrationSpec calibration,
            StepsSpec steps) {
        this(method, bits, blockSize, symmetric, calibration, null, null, null, null, steps);
    }

    /** A recipe with the default calibration and steps of its method. */
    public Recipe(Method method, Integer bits, Integer blockSize, Boolean symmetric) {
        this(method, bits, blockSize, symmetric, null, null);
    }

    /** The same recipe with another calibration. */
    public Recipe withCalibration(CalibrationSpec other) {
        return new Recipe(
                method, bits, blockSize, symmetric, other, embeddingBits, overrides, clipping, fidelity, steps);
    }

    /** The same recipe, measured on other texts. */
    public Recipe withFidelity(FidelitySpec other) {
        return new Recipe(
                method, bits, blockSize, symmetric, calibration, embeddingBits, overrides, clipping, other, steps);
    }

    /** Bits of one decoder linear, by the name of its weight. */
    public int bitsOf(String weight) {
        int width = bits;
        for (WidthOverride override : overrides) {
            if (override.matches(weight)) {
                width = override.bits();
            }
        }
        return width;
    }

    /** The text that the weights were fitted to, as reports call it; {@code null} when the method looks at none. */
    public String calibratedOn() {
        return method.calibrated() ? calibration.label() : null;
    }

    /** The unquantized baseline. */
    public static Recipe baseline() {
        return new Recipe(Method.NONE, BASELINE_BITS, null, null);
    }

    /** Round to nearest with block size 64 and zero points. */
    public static Recipe roundToNearest(int bits) {
        return new Recipe(Method.RTN, bits, null, null);
    }
}
