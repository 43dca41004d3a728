package dev.fewbit.launcher.database;

import dev.fewbit.launcher.LauncherException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The server's programs, unpacked.
 *
 * @param home holds {@code bin/postgres} and {@code bin/initdb}
 */
record PostgresBinaries(Path home) {
    private static final String VERSION = "18.6.0";
    private static final int ANY_EXECUTE_BIT = 0111;

    /** Unpacks the archive on the class path below {@code cache}, unless that was done before. */
    static PostgresBinaries unpack(Path cache) {
        Path home = cache.resolve("postgresql-" + VERSION);
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return new PostgresBinaries(home);
        }
        Path temporary = cache.resolve(".postgresql-" + UUID.randomUUID());
        try {
            Files.createDirectories(temporary);
            extract(archive(), temporary);
            Files.move(temporary, home);
        } catch (IOException e) {
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                throw LauncherException.failed(
                        "PostgreSQL cannot be unpacked to %s: %s".formatted(home, e.getMessage()), e);
            }
            // Another launcher was faster; its copy is as good.
        } finally {
            remove(temporary);
        }
        return new PostgresBinaries(home);
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    private static String archive() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "/postgres-linux-x86_64.txz";
            case "aarch64" -> "/postgres-linux-arm_64.txz";
            default ->
                throw LauncherException.failed("no PostgreSQL for the processor " + System.getProperty("os.arch")
                        + "; there is one for amd64 and aarch64");
        };
    }

    private static void extract(String resource, Path target) throws IOException {
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IOException("the class path has no " + resource);
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpackEntry(tar, entry, target);
                }
            }
        }
    }

    private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("the archive leaves its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(file.getParent());
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(file.getParent());
            Files.copy(tar, file);
            Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-r--r--");
            if ((entry.getMode() & ANY_EXECUTE_BIT) != 0) {
                permissions.addAll(EnumSet.of(
                        PosixFilePermission.OWNER_EXECUTE,
                        PosixFilePermission.GROUP_EXECUTE,
                        PosixFilePermission.OTHERS_EXECUTE));
            }
            Files.setPosixFilePermissions(file, permissions);
        }
    }

    static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be removed: %s".formatted(directory, e.getMessage()), e);
        }
    }
}
