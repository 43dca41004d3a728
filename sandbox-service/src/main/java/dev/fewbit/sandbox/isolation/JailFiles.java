package dev.fewbit.sandbox.isolation;

import dev.fewbit.sandbox.isolation.seccomp.Architecture;
import dev.fewbit.sandbox.isolation.seccomp.SeccompCompiler;
import dev.fewbit.sandbox.isolation.seccomp.SeccompPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The service's files that jails need, in a directory of its own: {@code bin/}, which every jail's user may read, and
 * {@code slots/}, which none may enter. No program ever writes a file on the host, so nothing here is named by one.
 */
public final class JailFiles implements AutoCloseable {
    private final ScratchDirectory scratch;
    private final Path root;
    private final Path bin;
    private final Path slots;

    private JailFiles(ScratchDirectory scratch) {
        this.scratch = scratch;
        this.root = scratch.path();
        this.bin = root.resolve("bin");
        this.slots = root.resolve("slots");
    }

    /**
     * Makes a fresh directory below {@code scratch} and puts the jail's helper, guard and filter into it.
     *
     * @throws IsolationException naming the directory when that cannot be done
     */
    public static JailFiles create(Path scratch) throws IsolationException {
        try {
            JailFiles files = new JailFiles(ScratchDirectory.make(scratch));
            Files.setPosixFilePermissions(files.root, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectory(files.bin);
            Files.setPosixFilePermissions(files.bin, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectory(files.slots);
            Files.setPosixFilePermissions(files.slots, PosixFilePermissions.fromString("rwx------"));
            files.extract(JailFiles.class, "sbinit", true);
            files.extract(JailFiles.class, "sbguard.so", false);
            files.add("filter.bpf", SeccompCompiler.compile(SeccompPolicy.standard(), Architecture.current()), false);
            return files;
        } catch (IOException e) {
            throw new IsolationException(
                    "fewbit.sandbox.scratch: cannot prepare a directory for jails below " + scratch + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** The whole of it; no jail sees this directory itself. */
    public Path root() {
        return root;
    }

    public Path helper() {
        return bin.resolve("sbinit");
    }

    public Path guard() {
        return bin.resolve("sbguard.so");
    }

    Path filter() {
        return bin.resolve("filter.bpf");
    }

    Path status(int slot) {
        return slots.resolve(slot + ".status");
    }

    Path report(int slot) {
        return slots.resolve(slot + ".report");
    }

    /** Where trees are shown that a jail's user could not reach by their own path. */
    Path stage(int number) throws IOException {
        Path stage = root.resolve("stage-" + number);
        if (!Files.isDirectory(stage)) {
            Files.createDirectory(stage);
        }
        return stage;
    }

    /** Adds a resource beside {@code owner} under its own name. */
    public Path extract(Class<?> owner, String name, boolean executable) throws IOException {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the resource " + name + " is missing from the build");
            }
            return add(name, in.readAllBytes(), executable);
        }
    }

    /** Adds a file that jails may read. */
    public Path add(String name, byte[] bytes, boolean executable) throws IOException {
        Path file = bin.resolve(name);
        Files.write(file, bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        return file;
    }

    /** Removes the directory; what cannot be removed stays behind under a temporary directory's name. */
    @Override
    public void close() throws IOException {
        scratch.close();
    }
}
