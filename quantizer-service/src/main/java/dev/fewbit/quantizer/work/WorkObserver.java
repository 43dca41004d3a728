package dev.fewbit.quantizer.work;

/** Told how far work has come; it may stop the work by throwing. */
public interface WorkObserver {
    /** Watches nothing. */
    WorkObserver NONE = new WorkObserver() {};

    /** Something is about to be worked on. */
    default void working(WorkStep step) {}

    /** Something that a person wants to know of, in one line. */
    default void note(String line) {}
}
