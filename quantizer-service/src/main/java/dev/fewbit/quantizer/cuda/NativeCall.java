package dev.fewbit.quantizer.cuda;

/** A call of a native function that answers with a status, 0 for success. */
@FunctionalInterface
interface NativeCall {
    /** Method handles declare Throwable; native functions throw nothing. */
    int call() throws Throwable;

    /** The status of a call. */
    static int status(String function, NativeCall call) {
        try {
            return call.call();
        } catch (Throwable e) {
            throw new IllegalStateException(function + " does not throw", e);
        }
    }
}
