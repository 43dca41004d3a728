package dev.fewbit.evaluator.energy;

import java.util.OptionalLong;

/** A count of joules that only grows. Read by one thread at a time, at least once in {@link ResourceMeter#EVERY}. */
interface EnergyCounter {

    /**
     * Joules since the counter was opened.
     *
     * @throws EnergyException when it can be read no longer
     */
    double joules();

    /**
     * Bytes of memory in use on what is counted, by whomever; empty where that is no device with a memory of its own.
     *
     * @throws EnergyException as {@link #joules}
     */
    default OptionalLong usedBytes() {
        return OptionalLong.empty();
    }

    /** What is counted and how, for a reader of a report. */
    String description();
}
