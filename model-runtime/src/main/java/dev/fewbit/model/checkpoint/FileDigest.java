package dev.fewbit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One digest for several files: SHA-256 over a line with the name and a line with the SHA-256 of each, sorted by name. Files of gigabytes
 * are asked for again and again, so that the digest of a file is remembered while its inode, size and time of change are the same.
 */
final class FileDigest {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int MOST_REMEMBERED = 1024;
    /** A file changed so lately might be changed once more within the resolution of the file system's clock. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Map<State, String> REMEMBERED = new ConcurrentHashMap<>();

    private FileDigest() {}

    static String of(Path directory, Collection<String> names) throws IOException {
        MessageDigest all = sha256();
        try {
            new TreeSet<>(names)
                    .parallelStream()
                            .map(name -> name + "\n" + unchecked(directory.resolve(name)) + "\n")
                            .forEachOrdered(line -> all.update(line.getBytes(StandardCharsets.UTF_8)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static String unchecked(Path file) {
        try {
            return of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file at a time. The time of change, unlike that of modification, cannot be set back. */
    private record State(Object device, Object inode, Object size, FileTime changed) {
        static Optional<State> of(Path file) throws IOException {
            if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                return Optional.empty();
            }
            Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino,size,ctime");
            return Optional.of(
                    new State(found.get("dev"), found.get("ino"), found.get("size"), (FileTime) found.get("ctime")));
        }

        boolean settled() {
            return changed.toInstant().isBefore(Instant.now().minus(SETTLED));
        }
    }

    private static String of(Path file) throws IOException {
        Optional<State> before = State.of(file).filter(State::settled);
        String remembered = before.map(REMEMBERED::get).orElse(null);
        if (remembered != null) {
            return remembered;
        }
        String digest = read(file);
        if (before.isPresent() && before.equals(State.of(file))) {
            if (REMEMBERED.size() >= MOST_REMEMBERED) {
                REMEMBERED.clear();
            }
            REMEMBERED.put(before.get(), digest);
        }
        return digest;
    }

    private static String read(Path file) throws IOException {
        MessageDigest one = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                one.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(one.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
