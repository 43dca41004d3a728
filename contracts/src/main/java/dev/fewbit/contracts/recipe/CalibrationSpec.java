package dev.fewbit.contracts.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import java.util.Set;

/**
 * The token windows that a calibrated method looks at.
 *
 * @param set a set by name: {@code code} (the default), {@code mixed} (code and prose) or {@code random} (windows of prose at random places)
 * @param file instead of a set: UTF-8 JSONL, or JSONL packed with gzip when its name ends in {@code .gz}, with a {@code text} field, or a
 *     folder of source files; relative paths start at the installation's root
 * @param sequences windows, 1 to 4096 (default 128)
 * @param length tokens of a window, 8 to 8192 (default 512)
 * @param seed of the documents' order, or of the random ids (default 0)
 */
@JsonPropertyOrder({"set", "file", "sequences", "length", "seed"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationSpec(
        @JsonProperty("set") String set,
        @JsonProperty("file") String file,
        @JsonProperty("sequences") Integer sequences,
        @JsonProperty("length") Integer length,
        @JsonProperty("seed") Long seed) {
    /** Problems with solutions that the reference model's generator made. */
    public static final String CODE = "code";

    /** Code and prose. */
    public static final String MIXED = "mixed";

    /** Text that has nothing to do with code. */
    public static final String RANDOM = "random";

    private static final Set<String> SETS = Set.of(CODE, MIXED, RANDOM);
    private static final int DEFAULT_SEQUENCES = 128;
    private static final int DEFAULT_LENGTH = 512;
    private static final int MOST_SEQUENCES = 4096;
    private static final int SHORTEST = 8;
    private static final int LONGEST = 8192;

    public CalibrationSpec {
        if (file != null && set != null) {
            throw new InvalidSpecException("set", set + " beside file " + file, "a set or a file, not both");
        }
        if (file != null && file.isBlank()) {
            throw new InvalidSpecException(
                    "file", file, "the path of a JSONL file with a text field, or of a folder of source files");
        }
        if (file == null && set == null) {
            set = CODE;
        }
        if (set != null && !SETS.contains(set)) {
            throw new InvalidSpecException("set", set, "code, mixed or random; or file: PATH instead of a set");
        }
        if (sequences == null) {
            sequences = DEFAULT_SEQUENCES;
        }
        if (sequences < 1 || sequences > MOST_SEQUENCES) {
            throw new InvalidSpecException("sequences", sequences, "1 to " + MOST_SEQUENCES);
        }
        if (length == null) {
            length = DEFAULT_LENGTH;
        }
        if (length < SHORTEST || length > LONGEST) {
            throw new InvalidSpecException("length", length, SHORTEST + " to " + LONGEST);
        }
        if (seed == null) {
            seed = 0L;
        }
    }

    /** 128 windows of 512 tokens of the set {@code code}. */
    public static CalibrationSpec code() {
        return new CalibrationSpec(CODE, null, null, null, null);
    }

    /** The same windows of another file. */
    public CalibrationSpec withFile(String path) {
        return new CalibrationSpec(null, path, sequences, length, seed);
    }

    /** What reports call it: the set, or the file's name. */
    public String label() {
        if (set != null) {
            return set;
        }
        String path = file.replaceFirst("(?<=.)[/\\\\]+$", "");
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return name.isEmpty() ? path : name;
    }
}
