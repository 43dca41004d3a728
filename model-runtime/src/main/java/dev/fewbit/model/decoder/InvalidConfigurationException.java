package dev.fewbit.model.decoder;

/** A key of a configuration has a value that we cannot use; the message names the key, the value and what is allowed. */
public final class InvalidConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param value {@code null} where the key is missing */
    public InvalidConfigurationException(String key, Object value, String allowed) {
        super(
                value == null
                        ? key + " is missing; allowed: " + allowed
                        : key + " is " + value + "; allowed: " + allowed);
    }
}
