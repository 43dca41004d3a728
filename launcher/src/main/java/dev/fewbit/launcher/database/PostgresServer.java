package dev.fewbit.launcher.database;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.supervisor.ChildSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The stack's database server: its data directory, how it is made and how the server is started on it. Clients need a password,
 * drawn when the directory is made and kept beside it for the owner alone, since every user of the machine reaches the loopback
 * address.
 */
public final class PostgresServer {
    public static final String NAME = "database";
    public static final String USER = "fewbit";

    private static final String DATABASE = "fewbit";
    private static final String UNFINISHED = ".database-";
    private static final int PASSWORD_BYTES = 24;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int STATUS_LINE = 7;

    private final PostgresBinaries binaries;
    private final Path data;
    private final Path passwordFile;
    private final Path log;
    private final int port;

    /**
     * @param cache where the server's programs are unpacked
     * @param directory holds the data directory {@code database} and the password
     * @param log of initdb and the server
     * @param port on 127.0.0.1
     */
    public PostgresServer(Path cache, Path directory, Path log, int port) {
        this.binaries = PostgresBinaries.unpack(cache);
        this.data = directory.resolve(NAME);
        this.passwordFile = directory.resolve("database.password");
        this.log = log;
        this.port = port;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE);
    }

    public String password() {
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be read: %s".formatted(passwordFile, e.getMessage()), e);
        }
    }

    /** Makes the data directory on the first run, and stops a server that an earlier launcher left on it. */
    public void prepare() throws InterruptedException {
        try {
            if (Files.exists(data)) {
                stopLeftOver();
            } else {
                removeUnfinished();
                create();
            }
        } catch (IOException e) {
            throw LauncherException.failed(
                    "the database in %s cannot be prepared: %s; see %s".formatted(data, e.getMessage(), log), e);
        }
    }

    /**
     * The server as a child. The kernel sends it SIGINT, its fast shutdown, when the launcher dies. It refuses to run as root, so
     * root starts it in a user namespace that maps no user: there it is nobody, and outside its files stay root's.
     */
    public ChildSpec child(Map<String, String> environment) {
        List<String> command = unprivileged();
        command.addAll(endsWithUs("INT"));
        command.addAll(List.of(binaries.program("postgres").toString(), "-D", data.toString()));
        settings().forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        return new ChildSpec(NAME, command, environment, log, "INT", START_LIMIT, STOP_LIMIT, this::missing);
    }

    private Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("port", Integer.toString(port)),
                Map.entry("unix_socket_directories", ""),
                Map.entry("max_connections", "100"),
                Map.entry("shared_buffers", "64MB"),
                Map.entry("fsync", "on"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("timezone", "UTC"),
                Map.entry("log_timezone", "UTC"));
    }

    /** What a launcher that was killed in the middle of {@link #create} has left. */
    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(data.getParent(), UNFINISHED + "*")) {
            unfinished.forEach(PostgresBinaries::remove);
        }
    }

    private void create() throws IOException, InterruptedException {
        Files.deleteIfExists(passwordFile);
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, Base64.getUrlEncoder().withoutPadding().encodeToString(random));

        Path temporary = data.resolveSibling(UNFINISHED + UUID.randomUUID());
        try {
            Files.createDirectory(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            run(
                    "",
                    binaries.program("initdb").toString(),
                    "--pgdata=" + temporary,
                    "--username=" + USER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8");
            run(
                    "CREATE DATABASE " + DATABASE + ";\n",
                    binaries.program("postgres").toString(),
                    "--single",
                    "-D",
                    temporary.toString(),
                    "postgres");
            Files.move(temporary, data, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            PostgresBinaries.remove(temporary);
        }
    }

    private void run(String input, String... program) throws IOException, InterruptedException {
        List<String> command = unprivileged();
        command.addAll(endsWithUs("KILL"));
        // A session of its own, like the children's: a terminal's Ctrl-C is the launcher's to hear, and to report.
        command.add("setsid");
        command.addAll(List.of(program));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LANG", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(
                    "%s ended with status %d".formatted(Path.of(program[0]).getFileName(), status));
        }
    }

    private List<String> unprivileged() {
        return new ArrayList<>("root".equals(System.getProperty("user.name")) ? List.of("unshare", "-U") : List.of());
    }

    /** Has the kernel send {@code signal} to the program when the thread that starts it is gone. */
    private static List<String> endsWithUs(String signal) {
        return List.of("setpriv", "--pdeathsig", signal);
    }

    private void stopLeftOver() throws IOException, InterruptedException {
        Optional<ProcessHandle> left = postmaster();
        if (left.isEmpty()) {
            return;
        }
        new ProcessBuilder(
                        "sh",
                        "-c",
                        "kill -s INT \"$1\"",
                        "sh",
                        Long.toString(left.get().pid()))
                .start()
                .waitFor();
        left.get()
                .onExit()
                .completeOnTimeout(null, STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        if (left.get().isAlive()) {
            throw new IOException("process " + left.get().pid() + " still uses it");
        }
    }

    /** The server that runs on the data directory, if any. Its process id alone may by now be another program's. */
    private Optional<ProcessHandle> postmaster() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d+")) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.getFirst().strip());
        Path commandLine = Path.of("/proc", Long.toString(pid), "cmdline");
        if (Files.exists(commandLine) && !Files.isReadable(commandLine)) {
            throw new IOException("process " + pid + " may still use it");
        }
        if (Files.exists(commandLine)
                && Files.readString(commandLine, StandardCharsets.ISO_8859_1).contains(data.toString())) {
            return ProcessHandle.of(pid);
        }
        // What a killed server left would be taken for the new server's.
        Files.delete(pidFile);
        return Optional.empty();
    }

    /** The server writes its state to the eighth line of its pid file: {@code ready} once it serves. */
    private Optional<String> missing() {
        Path pidFile = data.resolve("postmaster.pid");
        try {
            List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
            boolean ready = lines.size() > STATUS_LINE
                    && "ready".equals(lines.get(STATUS_LINE).strip());
            return ready ? Optional.empty() : Optional.of("the server is starting");
        } catch (IOException e) {
            return Optional.of("its pid file is being written");
        }
    }
}
