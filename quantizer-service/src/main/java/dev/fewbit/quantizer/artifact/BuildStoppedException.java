package dev.fewbit.quantizer.artifact;

/** Nobody wants the artifact in the making any more. */
public final class BuildStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BuildStoppedException(String why) {
        super(why);
    }
}
