package dev.fewbit.sandbox.execution;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is kept of a program's output; broken UTF-8 is replaced.
 *
 * @param head its first bytes
 * @param tail its last bytes where it was cut, else empty
 * @param cut whether bytes between them were dropped
 */
public record OutputExcerpt(String head, String tail, boolean cut) {

    public static OutputExcerpt of(byte[] output, int headBytes, int tailBytes) {
        if (output.length <= headBytes + tailBytes) {
            return new OutputExcerpt(text(output), "", false);
        }
        return new OutputExcerpt(
                text(Arrays.copyOf(output, headBytes)),
                text(Arrays.copyOfRange(output, output.length - tailBytes, output.length)),
                true);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
