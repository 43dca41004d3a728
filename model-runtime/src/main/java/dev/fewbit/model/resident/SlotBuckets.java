package dev.fewbit.model.resident;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of rows that steps are recorded for. A step of fewer rows runs in the next larger bucket, its other rows idle. Each bucket
 * costs a recording, and the memory of one: so there are few, and from 8 on a step wastes less than half of its rows.
 */
final class SlotBuckets {
    private final List<Integer> sizes = new ArrayList<>();

    /** @param slots of the decoder, the largest bucket */
    SlotBuckets(int slots) {
        for (int size = 1; size < slots; size *= 2) {
            sizes.add(size);
            int between = size + size / 2;
            if (size >= 16 && between < slots) {
                sizes.add(between);
            }
        }
        sizes.add(slots);
    }

    /** The smallest bucket with at least {@code rows} rows. */
    int bucket(int rows) {
        return sizes.stream().filter(size -> size >= rows).findFirst().orElseThrow();
    }

    List<Integer> sizes() {
        return List.copyOf(sizes);
    }
}
