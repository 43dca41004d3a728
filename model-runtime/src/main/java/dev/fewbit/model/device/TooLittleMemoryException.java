package dev.fewbit.model.device;

/** What was asked for does not fit a device's memory. Its message is one line with the numbers. */
public final class TooLittleMemoryException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public TooLittleMemoryException(String message) {
        super(message);
    }
}
