package dev.fewbit.sandbox.messaging;

import java.io.Serial;

/** A record that is no execution request; it goes to the dead-letter topic with this as the reason. */
class UnreadableRequestException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    UnreadableRequestException(String message) {
        super(message);
    }
}
