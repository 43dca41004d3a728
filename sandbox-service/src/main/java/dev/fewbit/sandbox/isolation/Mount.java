package dev.fewbit.sandbox.isolation;

import java.nio.file.Path;

/**
 * A file or directory of the host that a jail sees, read-only.
 *
 * @param host absolute path outside
 * @param jail absolute path inside
 */
public record Mount(Path host, String jail) {
    public Mount {
        if (!host.isAbsolute() || !jail.startsWith("/")) {
            throw new IllegalArgumentException("a mount needs absolute paths: " + host + " at " + jail);
        }
    }
}
