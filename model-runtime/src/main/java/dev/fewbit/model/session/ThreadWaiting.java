package dev.fewbit.model.session;

/** What threads of ONNX Runtime do while they wait for the next operation of a step. */
public enum ThreadWaiting {
    /** They sleep, and cost a wake-up at each operation: right where other processes want the processors. */
    SLEEP,
    /** They wait in a loop: faster where every thread has a processor of its own, far slower where it has not. */
    SPIN
}
