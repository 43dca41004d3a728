package dev.fewbit.launcher.broker;

import dev.fewbit.contracts.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** Makes the suite's topics, and a dead-letter topic for each, where they are missing. */
final class TopicSetup {
    /** Enough for several workers of a kind on one host; records of one study share a key and so a partition. */
    private static final int PARTITIONS = 4;

    private static final short ONE_REPLICA = 1;

    private TopicSetup() {}

    static void createMissing(String bootstrap) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            Set<String> present = admin.listTopics().names().get();
            List<NewTopic> missing = Topics.all().stream()
                    .flatMap(topic -> Stream.of(
                            new NewTopic(topic, PARTITIONS, ONE_REPLICA),
                            new NewTopic(Topics.deadLetter(topic), 1, ONE_REPLICA)))
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            if (!missing.isEmpty()) {
                admin.createTopics(missing).all().get();
            }
        }
    }
}
