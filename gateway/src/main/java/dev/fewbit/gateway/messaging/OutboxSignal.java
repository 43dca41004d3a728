package dev.fewbit.gateway.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

/** Says, in a transaction, that there will be messages to send once it is committed. */
@ApplicationScoped
class OutboxSignal {
    private final Event<Raised> event;

    OutboxSignal(Event<Raised> event) {
        this.event = event;
    }

    void raise() {
        event.fire(new Raised());
    }

    record Raised() {}
}
