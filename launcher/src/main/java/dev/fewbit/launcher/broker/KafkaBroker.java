package dev.fewbit.launcher.broker;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.supervisor.ChildSpec;
import dev.fewbit.launcher.supervisor.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stack's broker as seen by the launcher.
 *
 * @param directory of its log segments and metadata
 * @param log of the process
 * @param port of the broker on 127.0.0.1
 * @param controllerPort of the controller on 127.0.0.1
 */
public record KafkaBroker(Path directory, Path log, int port, int controllerPort) {
    public static final String NAME = "broker";

    static final String READY_FILE = "ready";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String HEAP = "384m";

    public String bootstrapServers() {
        return BrokerProperties.address(port);
    }

    /** The broker as a child; it runs this JVM's class path. */
    public ChildSpec child(Map<String, String> environment) {
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(directory.resolve(READY_FILE));
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be written: %s".formatted(directory, e.getMessage()), e);
        }
        List<String> command = JavaCommand.of(
                HEAP,
                JavaCommand.QUICK_START,
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                directory.toString(),
                Integer.toString(port),
                Integer.toString(controllerPort));
        return new ChildSpec(NAME, command, environment, log, "TERM", START_LIMIT, STOP_LIMIT, this::missing);
    }

    private Optional<String> missing() {
        return Files.exists(directory.resolve(READY_FILE))
                ? Optional.empty()
                : Optional.of("the broker or its topics are starting");
    }
}
