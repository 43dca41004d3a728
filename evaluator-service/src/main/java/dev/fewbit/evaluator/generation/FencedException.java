package dev.fewbit.evaluator.generation;

/** The claim that this worker held is no longer its own: somebody else has the unit, or nobody wants it. Stop at once. */
final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException(UnitClaim claim) {
        super("unit " + claim.number() + " of evaluation " + claim.evaluationId() + " is no longer attempt "
                + claim.attempt());
    }
}
