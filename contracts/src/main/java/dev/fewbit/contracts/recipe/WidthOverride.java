package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import java.util.regex.Pattern;

/**
 * Another width for some decoder linears. The last override that matches a linear counts.
 *
 * @param match name of linears as in the checkpoint, without {@code model.} in front and {@code .weight} behind; {@code *} stands for any
 *     characters but a dot, such as {@code layers.*.mlp.down_proj}
 * @param bits 8, 4, 3 or 2
 */
@JsonPropertyOrder({"match", "bits"})
public record WidthOverride(
        @JsonProperty(value = "match", required = true) String match,
        @JsonProperty(value = "bits", required = true) Integer bits) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_*]+(\\.[A-Za-z0-9_*]+)*");

    public WidthOverride {
        if (match == null || !NAME.matcher(match).matches()) {
            throw new InvalidSpecException("match", match, "a name such as layers.*.mlp.down_proj");
        }
        if (bits == null || !Recipe.WIDTHS.contains(bits)) {
            throw new InvalidSpecException("bits", bits, "8, 4, 3 or 2 in an override");
        }
    }

    /** Whether it says something of the linear with this weight, such as {@code model.layers.0.mlp.down_proj.weight}. */
    public boolean matches(String weight) {
        String name = weight.replaceFirst("^model\\.", "").replaceFirst("\\.weight$", "");
        return Pattern.matches(match.replace(".", "\\.").replace("*", "[^.]*"), name);
    }
}
