package dev.fewbit.generation;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What completions are generated on: {@code cpu}, {@code cuda} (the first GPU that the process sees) or {@code cuda:N}.
 *
 * @param gpu number of the GPU, empty for the processor
 */
public record GenerationDevice(OptionalInt gpu) {
    /** {@code cpu}. */
    public static final GenerationDevice PROCESSOR = new GenerationDevice(OptionalInt.empty());

    private static final Pattern GPU = Pattern.compile("cuda(?::(\\d{1,4}))?");

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException when it is none of those
     */
    public static GenerationDevice of(String name) {
        if (name.equals("cpu")) {
            return PROCESSOR;
        }
        Matcher matcher = GPU.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "device is '" + name + "'; allowed: cpu, cuda (the first GPU) and cuda:N, N from 0 on");
        }
        return new GenerationDevice(OptionalInt.of(
                Optional.ofNullable(matcher.group(1)).map(Integer::parseInt).orElse(0)));
    }
}
