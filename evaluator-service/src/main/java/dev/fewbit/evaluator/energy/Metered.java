package dev.fewbit.evaluator.energy;

import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** A counter's last readings. One that fails is not asked again: measuring ends, and nothing else does. */
final class Metered {
    private static final Logger LOGGER = Logger.getLogger(Metered.class);

    private final String absent;
    private Optional<EnergyCounter> counter;
    private Double joules;
    private Long usedBytes;

    /** @param absent what is said where there is no counter */
    Metered(Optional<EnergyCounter> counter, String absent) {
        this.counter = counter;
        this.absent = absent;
    }

    void read() {
        joules = null;
        usedBytes = null;
        counter.ifPresent(present -> {
            try {
                OptionalLong used = present.usedBytes();
                usedBytes = used.isPresent() ? (Long) used.getAsLong() : null;
                joules = present.joules();
            } catch (EnergyException e) {
                LOGGER.warnf("energy is not measured from here on: %s", e.getMessage());
                usedBytes = null;
                counter = Optional.empty();
            }
        });
    }

    /** Joules when it was last read, null where there is no counter any more. */
    Double joules() {
        return joules;
    }

    /** Bytes in use when it was last read, null where that is not known. */
    Long usedBytes() {
        return usedBytes;
    }

    String description() {
        return counter.map(EnergyCounter::description).orElse("not measured: " + absent);
    }
}
