package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import java.util.Set;

/**
 * How a checkpoint becomes an artifact.
 *
 * @param method how weights are mapped to codes
 * @param bits bits a weight: 16 with method {@code none}, else 8, 4, 3 or 2
 * @param blockSize weights along K that share a scale and a zero point (GPTQ's "group size"): 32, 64 (default) or 128
 * @param symmetric no zero point (default {@code false}: an unsigned zero point a block)
 * @param calibration text that calibrated methods look at (default: the set {@code code}); the others accept and ignore it
 * @param steps of {@code gptq+} (default: all of them); {@code null} with every other method
 */
@JsonPropertyOrder({"method", "bits", "block_size", "symmetric", "calibration", "steps"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recipe(
        @JsonProperty(value = "method", required = true) Method method,
        @JsonProperty(value = "bits", required = true) Integer bits,
        @JsonProperty("block_size") Integer blockSize,
        @JsonProperty("symmetric") Boolean symmetric,
        @JsonProperty("calibration") CalibrationSpec calibration,
        @JsonProperty("steps") StepsSpec steps) {

    public static final int BASELINE_BITS = 16;
    private static final int DEFAULT_BLOCK_SIZE = 64;
    private static final Set<Integer> WIDTHS = Set.of(8, 4, 3, 2);
    private static final Set<Integer> BLOCK_SIZES = Set.of(32, 64, 128);

    public Recipe {
        if (method == null) {
            throw new InvalidSpecException("method", null, "none, rtn, gptq or gptq+");
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
        if (steps != null && method != Method.GPTQ_PLUS) {
            throw new InvalidSpecException("steps", "given with method " + method, "steps with method gptq+ only");
        }
        if (steps == null && method == Method.GPTQ_PLUS) {
            steps = StepsSpec.all();
        }
    }

    /** A recipe with the default calibration and steps of its method. */
    public Recipe(Method method, Integer bits, Integer blockSize, Boolean symmetric) {
        this(method, bits, blockSize, symmetric, null, null);
    }

    /** The same recipe with another calibration. */
    public Recipe withCalibration(CalibrationSpec other) {
        return new Recipe(method, bits, blockSize, symmetric, other, steps);
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
