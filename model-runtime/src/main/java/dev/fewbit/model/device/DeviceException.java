package dev.fewbit.model.device;

/** A device, or one of its libraries, is missing, too small or failed. Its message is one line. */
public sealed class DeviceException extends RuntimeException permits TooLittleMemoryException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
