package dev.fewbit.quantizer.messaging;

/** A record is not the event that its topic carries. */
final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String message) {
        super(message);
    }
}
