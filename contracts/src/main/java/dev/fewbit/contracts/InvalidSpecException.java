package dev.fewbit.contracts;

/** A key of a study or recipe has a value that is not allowed. The message is one line for a person. */
public final class InvalidSpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key the key as it stands in the file, such as {@code block_size}
     * @param value the value found, {@code null} when the key is missing
     * @param allowed what may stand there, such as {@code "32, 64 or 128"}
     */
    public InvalidSpecException(String key, Object value, String allowed) {
        super(
                value == null
                        ? key + " is missing; allowed: " + allowed
                        : key + " is " + (value.toString().isBlank() ? "blank" : value) + "; allowed: " + allowed);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
