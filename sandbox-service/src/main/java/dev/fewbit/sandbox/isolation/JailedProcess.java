package dev.fewbit.sandbox.isolation;

import java.io.InputStream;
import java.io.OutputStream;

/** A helper of ours that lives in a jail and serves requests; closing it kills the jail. */
public final class JailedProcess implements AutoCloseable {
    private final Process process;

    JailedProcess(Process process) {
        this.process = process;
    }

    public OutputStream stdin() {
        return process.getOutputStream();
    }

    public InputStream stdout() {
        return process.getInputStream();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the jail; readers of its output see the end of the stream. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
