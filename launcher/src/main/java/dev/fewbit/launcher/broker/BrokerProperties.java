package dev.fewbit.launcher.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** Kafka's settings for one node that is broker and controller, on the loopback address. */
final class BrokerProperties {
    static final int NODE = 1;
    static final String CONTROLLER = "CONTROLLER";

    private static final String HOST = "127.0.0.1";
    private static final String LISTENER = "PLAINTEXT";

    private BrokerProperties() {}

    static String address(int port) {
        return HOST + ":" + port;
    }

    static Map<String, String> of(Path directory, int port, int controllerPort) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("controller.quorum.voters", NODE + "@" + address(controllerPort)),
                Map.entry("controller.listener.names", CONTROLLER),
                Map.entry(
                        "listeners",
                        LISTENER + "://" + address(port) + "," + CONTROLLER + "://" + address(controllerPort)),
                Map.entry("advertised.listeners", LISTENER + "://" + address(port)),
                Map.entry("inter.broker.listener.name", LISTENER),
                Map.entry("listener.security.protocol.map", LISTENER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
                Map.entry("log.dirs", directory.toString()),
                // A typing error in a topic's name must fail, not make a topic that nobody reads.
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                // Offsets survive a data directory that lies unused for a year.
                Map.entry("offsets.retention.minutes", "525600"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // A killed broker is usable again after two seconds.
                Map.entry("broker.session.timeout.ms", "2000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                // An acknowledged record is on disk: the machine may go down at any time.
                Map.entry("log.flush.interval.messages", "1"),
                Map.entry("log.segment.bytes", Integer.toString(16 << 20)),
                Map.entry("log.index.size.max.bytes", Integer.toString(1 << 20)),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"));
    }

    static Properties asProperties(Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }
}
