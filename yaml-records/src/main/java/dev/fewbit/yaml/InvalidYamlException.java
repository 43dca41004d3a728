package dev.fewbit.yaml;

/** The text cannot be read into the record. The message is one line: {@code source:line:column: what is wrong}. */
public final class InvalidYamlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidYamlException(String message) {
        super(message);
    }
}
