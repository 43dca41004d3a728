package dev.fewbit.evaluator.energy;

/** A counter that could be read no longer can. Measuring ends; what is generated is not concerned. */
final class EnergyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnergyException(String message, Throwable cause) {
        super(message, cause);
    }

    EnergyException(String message) {
        super(message);
    }
}
