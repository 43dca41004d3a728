package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;

/**
 * What {@code gptq+} does beyond {@code gptq}, each switchable so that it can be measured alone. What is {@code null} takes the default of
 * the method, see {@link #filledFor}.
 *
 * @param search both ends of a block's range are searched (default {@code true})
 * @param target a linear aims at the full-precision output on full-precision inputs (default {@code true})
 * @param residual attention's and the MLP's last linear also repair the residual stream (default: as {@code target}, which it needs)
 * @param weights tokens and outputs count by how much the 16-bit model's distribution minds their errors (default {@code true})
 * @param descent passes of coordinate descent over the codes in each of four rounds, 0 to 10 (default 2)
 * @param refit scales are fitted by least squares once codes are known (default {@code true})
 * @param actOrder columns are rounded in another order than they are stored, whole blocks, those with the largest inputs first
 *     (default {@code false}); {@code gptq} has it too
 */
@JsonPropertyOrder({"search", "target", "residual", "weights", "descent", "refit", "act_order"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepsSpec(
        @JsonProperty("search") Boolean search,
        @JsonProperty("target") Boolean target,
        @JsonProperty("residual") Boolean residual,
        @JsonProperty("weights") Boolean weights,
        @JsonProperty("descent") Integer descent,
        @JsonProperty("refit") Boolean refit,
        @JsonProperty("act_order") Boolean actOrder) {
    private static final int DEFAULT_DESCENT = 2;
    private static final int MOST_PASSES = 10;

    public StepsSpec {
        if (descent != null && (descent < 0 || descent > MOST_PASSES)) {
            throw new InvalidSpecException("descent", descent, "0 to " + MOST_PASSES + " passes");
        }
        if (is(residual) && target != null && !target) {
            throw new InvalidSpecException("residual", "true without target", "true with target: true, or false");
        }
    }

    /** Nothing said: all at its default. */
    public static StepsSpec unsaid() {
        return new StepsSpec(null, null, null, null, null, null, null);
    }

    /** Everything at the default of {@code gptq+}. */
    public static StepsSpec all() {
        return unsaid().filledFor(Method.GPTQ_PLUS);
    }

    /** Nothing beyond plain GPTQ. */
    public static StepsSpec none() {
        return new StepsSpec(false, false, false, false, 0, false, false);
    }

    /**
     * With the defaults of {@code method} where nothing is said.
     *
     * @throws InvalidSpecException when the method does not have such a step
     */
    StepsSpec filledFor(Method method) {
        return switch (method) {
            case GPTQ_PLUS, GPTQ_PLUS_TUNED -> {
                boolean aims = target == null || target;
                yield new StepsSpec(
                        search == null || search,
                        aims,
                        residual == null ? aims : residual,
                        weights == null || weights,
                        descent == null ? DEFAULT_DESCENT : descent,
                        refit == null || refit,
                        is(actOrder));
            }
            case GPTQ -> {
                if (is(search)
                        || is(target)
                        || is(residual)
                        || is(weights)
                        || is(refit)
                        || (descent != null && descent > 0)) {
                    throw new InvalidSpecException(
                            "steps", "more than act_order with method gptq", "act_order, or method gptq+");
                }
                yield new StepsSpec(false, false, false, false, 0, false, is(actOrder));
            }
            case NONE, RTN, AWQ ->
                throw new InvalidSpecException(
                        "steps", "given with method " + method, "steps with method gptq, gptq+ or gptq+tuned");
        };
    }

    private static boolean is(Boolean switched) {
        return switched != null && switched;
    }
}
