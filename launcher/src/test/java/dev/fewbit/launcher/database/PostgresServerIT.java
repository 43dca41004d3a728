package dev.fewbit.launcher.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.stack.Ports;
import dev.fewbit.launcher.supervisor.SupervisedChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "LANG", "C.UTF-8");
    private static final Path CACHE = Installation.current().cache();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private int port;

    @BeforeEach
    void reserve() {
        port = Ports.reserve(directory.resolve("ports.properties"), List.of("database"))
                .of("database");
    }

    @Test
    void shouldKeepRowsWhenStoppedAndWhenKilled() throws Exception {
        // Given
        SupervisedChild child = started();
        execute("CREATE TABLE kept (id integer PRIMARY KEY)");
        execute("INSERT INTO kept VALUES (1)");
        child.stop();

        // When
        SupervisedChild again = started();
        execute("INSERT INTO kept VALUES (2)");
        ProcessHandle.of(again.pid().orElseThrow()).orElseThrow().destroyForcibly();
        await().atMost(LIMIT).until(() -> again.restarts() == 1);

        // Then
        await().atMost(LIMIT).ignoreExceptionsInstanceOf(SQLException.class).until(() -> count() == 2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("database.password"))))
                .isEqualTo("rw-------");
        again.stop();
    }

    @Test
    void shouldBeginAnewWhenEarlierLauncherDiedBeforeDatabaseWasMade() throws Exception {
        // Given
        Path unfinished = Files.createDirectories(directory.resolve(".database-0197a1c2/base"));
        Files.writeString(unfinished.resolve("1"), "half");
        Files.writeString(directory.resolve("database.password"), "of nothing");

        // When
        SupervisedChild child = started();

        // Then
        execute("CREATE TABLE kept (id integer PRIMARY KEY)");
        assertThat(unfinished.getParent()).doesNotExist();
        child.stop();
    }

    @Test
    void shouldStopServerThatADeadLauncherLeft() throws Exception {
        // Given
        PostgresServer server = server();
        server.prepare();
        List<String> command = server.child(ENVIRONMENT).command();
        List<String> untied = command.stream()
                .filter(word -> !word.equals("setpriv") && !word.equals("--pdeathsig") && !word.equals("INT"))
                .toList();
        Process left = new ProcessBuilder(untied)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("left.log").toFile())
                .start();
        await().atMost(LIMIT)
                .until(() -> server.child(ENVIRONMENT).readiness().missing().isEmpty());

        // When
        SupervisedChild child = started();

        // Then
        assertThat(left.isAlive()).isFalse();
        execute("CREATE TABLE kept (id integer PRIMARY KEY)");
        assertThat(count()).isZero();
        child.stop();
    }

    private PostgresServer server() {
        return new PostgresServer(CACHE, directory, directory.resolve("database.log"), port);
    }

    private SupervisedChild started() throws InterruptedException {
        PostgresServer server = server();
        server.prepare();
        SupervisedChild child = new SupervisedChild(server.child(ENVIRONMENT));
        child.start();
        child.awaitReady(child::failure);
        return child;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM kept")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server().jdbcUrl(), PostgresServer.USER, server().password());
    }
}
