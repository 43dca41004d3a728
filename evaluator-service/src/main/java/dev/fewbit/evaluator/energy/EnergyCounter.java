package dev.fewbit.evaluator.energy;

/** A count of joules that only grows. Read by one thread at a time, at least once in {@link ResourceMeter#EVERY}. */
interface EnergyCounter {

    /** Joules since the counter was opened. */
    double joules();

    /** What is counted and how, for a reader of a report. */
    String description();
}
