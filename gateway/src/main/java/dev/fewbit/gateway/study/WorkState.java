package dev.fewbit.gateway.study;

/** Where a quantization job or a cell stands. */
public enum WorkState {
    /** Waiting or running; the gateway does not know which, its service does. */
    OPEN,
    DONE,
    FAILED;

    boolean isOpen() {
        return this == OPEN;
    }
}
