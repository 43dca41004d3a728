package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What an artifact's numbers mean when it runs. */
public enum ExecutionMode {
    /** Only weights are rounded; activations keep full precision. */
    @JsonProperty("exact")
    EXACT,
    /** Activations are rounded to int8 a block as well (MatMulNBits accuracy_level 4). */
    @JsonProperty("fast")
    FAST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
