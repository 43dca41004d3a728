package dev.fewbit.sandbox.isolation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stream that a program wrote, at most its limit.
 *
 * @param bytes as written
 * @param overflowed whether it wrote more than its limit
 */
public record CapturedOutput(byte[] bytes, boolean overflowed) {

    /** Nothing written. */
    public static final CapturedOutput EMPTY = new CapturedOutput(new byte[0], false);

    /** All of it, broken UTF-8 replaced. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CapturedOutput that
                && overflowed == that.overflowed
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + Boolean.hashCode(overflowed);
    }
}
