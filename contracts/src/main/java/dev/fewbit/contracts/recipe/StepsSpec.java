package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;

/**
 * What {@code gptq+} does beyond {@code gptq}, each switchable so that it can be measured alone.
 *
 * @param search both ends of a block's range are searched (default {@code true})
 * @param target a linear aims at the full-precision output on full-precision inputs (default {@code true})
 * @param residual attention's and the MLP's last linear also repair the residual stream (default: as {@code target}, which it needs)
 * @param descent passes of coordinate descent over the codes in each of two rounds, 0 to 10 (default 2)
 * @param refit scales are fitted by least squares once codes are known (default {@code true})
 */
@JsonPropertyOrder({"search", "target", "residual", "descent", "refit"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepsSpec(
        @JsonProperty("search") Boolean search,
        @JsonProperty("target") Boolean target,
        @JsonProperty("residual") Boolean residual,
        @JsonProperty("descent") Integer descent,
        @JsonProperty("refit") Boolean refit) {
    private static final int DEFAULT_DESCENT = 2;
    private static final int MOST_PASSES = 10;

    public StepsSpec {
        search = search == null || search;
        target = target == null || target;
        if (residual == null) {
            residual = target;
        }
        if (residual && !target) {
            throw new InvalidSpecException("residual", "true without target", "true with target: true, or false");
        }
        if (descent == null) {
            descent = DEFAULT_DESCENT;
        }
        if (descent < 0 || descent > MOST_PASSES) {
            throw new InvalidSpecException("descent", descent, "0 to " + MOST_PASSES + " passes");
        }
        refit = refit == null || refit;
    }

    /** Everything at its default. */
    public static StepsSpec all() {
        return new StepsSpec(null, null, null, null, null);
    }

    /** Nothing beyond plain GPTQ. */
    public static StepsSpec none() {
        return new StepsSpec(false, false, false, 0, false);
    }
}
