package dev.fewbit.model.chat;

/** A checkpoint has no chat template, or one that refuses a conversation or that cannot be carried out. One line. */
public final class InvalidTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidTemplateException(String message) {
        super(message);
    }
}
