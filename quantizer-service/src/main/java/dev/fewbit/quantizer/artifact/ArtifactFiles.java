package dev.fewbit.quantizer.artifact;

/** Names and versions that an artifact carries. */
public final class ArtifactFiles {
    /** The manifest. */
    public static final String MANIFEST = "fewbit.json";

    /** Version of the manifest that this build writes and reads. */
    public static final int SCHEMA_VERSION = 1;

    /** Raised whenever the same inputs give other bytes: artifacts of another version are made anew. */
    public static final String TOOL_VERSION = "0.3.0";

    /** The processors that agree on every bit of what the methods compute: plain Java arithmetic, the same on all of them. */
    public static final String DEVICE_CLASS = "cpu";

    private ArtifactFiles() {}
}
