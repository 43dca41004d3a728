package dev.fewbit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeSet;

/** One digest for several files: SHA-256 over a line with the name and a line with the SHA-256 of each, sorted by name. */
final class FileDigest {
    private static final int BUFFER_BYTES = 1 << 20;

    private FileDigest() {}

    static String of(Path directory, Collection<String> names) throws IOException {
        MessageDigest all = sha256();
        for (String name : new TreeSet<>(names)) {
            MessageDigest one = sha256();
            try (InputStream in = Files.newInputStream(directory.resolve(name))) {
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    one.update(buffer, 0, n);
                }
            }
            String line = name + "\n" + HexFormat.of().formatHex(one.digest()) + "\n";
            all.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
