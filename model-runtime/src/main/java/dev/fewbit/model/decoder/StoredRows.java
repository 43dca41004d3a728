package dev.fewbit.model.decoder;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Where a checkpoint keeps a tensor that it names otherwise, or holds together with others.
 *
 * @param tensor its name there
 * @param first row
 * @param count of rows; empty: all
 */
public record StoredRows(String tensor, long first, OptionalLong count) {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    static StoredRows all(String tensor) {
        return new StoredRows(tensor, 0, OptionalLong.empty());
    }

    /** A linear that is called {@code part} there. */
    static void place(Map<String, StoredRows> stored, LinearSpec linear, String part) {
        stored.put(linear.weight(), all(part + WEIGHT));
        linear.bias().ifPresent(bias -> stored.put(bias, all(part + BIAS)));
    }

    /** A norm that is called {@code part} there. */
    static void place(Map<String, StoredRows> stored, NormSpec norm, String part) {
        stored.put(norm.weight(), all(part + WEIGHT));
        norm.bias().ifPresent(bias -> stored.put(bias, all(part + BIAS)));
    }

    /** A linear whose name differs in one word. */
    static void rename(Map<String, StoredRows> stored, LinearSpec linear, String ours, String theirs) {
        place(stored, linear, linear.weight().replace(ours + WEIGHT, theirs));
    }

    /** Linears that lie one behind the other in {@code part}. */
    static void fuse(Map<String, StoredRows> stored, String part, List<LinearSpec> linears) {
        long first = 0;
        for (LinearSpec linear : linears) {
            OptionalLong count = OptionalLong.of(linear.n());
            stored.put(linear.weight(), new StoredRows(part + WEIGHT, first, count));
            if (linear.bias().isPresent()) {
                stored.put(linear.bias().get(), new StoredRows(part + BIAS, first, count));
            }
            first += linear.n();
        }
    }
}
