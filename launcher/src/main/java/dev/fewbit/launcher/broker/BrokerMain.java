package dev.fewbit.launcher.broker;

import dev.fewbit.launcher.supervisor.Leash;
import dev.fewbit.objectstore.DurableFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** The broker's process: formats, serves, makes the topics, says so in a file, and ends on SIGTERM or with its launcher. */
public final class BrokerMain {
    /** Kept in a field: the log manager holds loggers weakly, and a collected one forgets its level. */
    private static final Logger ROOT_LOG = Logger.getLogger("");

    private BrokerMain() {}

    /** Arguments: directory, port of the broker, port of the controller. */
    public static void main(String[] arguments) throws Exception {
        ROOT_LOG.setLevel(Level.WARNING);
        Leash.hold();
        Path directory = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        format(directory);

        Map<String, String> properties = BrokerProperties.of(directory, port, Integer.parseInt(arguments[2]));
        KafkaRaftServer server = new KafkaRaftServer(
                KafkaConfig.fromProps(BrokerProperties.asProperties(properties), false), Time.SYSTEM);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("broker-stop").unstarted(server::shutdown));
        server.startup();
        TopicSetup.createMissing(BrokerProperties.address(port));
        DurableFiles.write(
                directory.resolve(KafkaBroker.READY_FILE),
                BrokerProperties.address(port).getBytes(StandardCharsets.UTF_8));
        System.out.println("READY " + BrokerProperties.address(port));
        server.awaitShutdown();
    }

    /** Once in a directory's life: a second cluster id would make the broker refuse its own data. */
    private static void format(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerProperties.NODE)
                .setControllerListenerName(BrokerProperties.CONTROLLER)
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .setIgnoreFormatted(true)
                .run();
    }
}
