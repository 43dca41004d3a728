package dev.fewbit.quantizer.calibration;

import dev.fewbit.objectstore.Digests;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Token windows.
 *
 * @param ids {@code [sequences, length]}
 */
public record TokenWindows(int[][] ids) {
    public int sequences() {
        return ids.length;
    }

    public int length() {
        return ids[0].length;
    }

    /** All ids, one window behind the other. */
    public int[] flat() {
        return Arrays.stream(ids).flatMapToInt(Arrays::stream).toArray();
    }

    /** SHA-256 of the ids as decimal text, ids parted by spaces, windows ended by line ends. */
    public String digest() {
        return Digests.of(Arrays.stream(ids)
                .map(window ->
                        Arrays.stream(window).mapToObj(Integer::toString).collect(Collectors.joining(" ")) + "\n")
                .collect(Collectors.joining()));
    }
}
