package dev.fewbit.launcher.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fewbit.contracts.Topics;
import dev.fewbit.launcher.stack.Ports;
import dev.fewbit.launcher.supervisor.SupervisedChild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerIT {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    private Path directory;

    @Test
    void shouldKeepAddressTopicsAndRecordsWhenStartedAgain() throws InterruptedException, ExecutionException {
        // Given
        Path portFile = directory.resolve("ports.properties");
        KafkaBroker broker = broker(Ports.reserve(portFile, List.of("broker", "controller")));
        SupervisedChild first = started(broker);
        send(broker, "before");
        first.stop();

        // When
        KafkaBroker again = broker(Ports.reserve(portFile, List.of("broker", "controller")));
        SupervisedChild second = started(again);
        send(again, "after");

        // Then
        assertThat(again).isEqualTo(broker);
        assertThat(topics(again))
                .containsExactlyInAnyOrderElementsOf(Topics.all().stream()
                        .flatMap(topic -> Stream.of(topic, Topics.deadLetter(topic)))
                        .collect(Collectors.toSet()));
        assertThat(records(again, 2)).containsExactly("before", "after");

        // When
        ProcessHandle.of(second.pid().orElseThrow()).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> second.restarts() == 1);

        // Then
        assertThat(records(again, 2)).containsExactly("before", "after");
        second.stop();
    }

    private KafkaBroker broker(Ports ports) {
        return new KafkaBroker(
                directory.resolve("broker"),
                directory.resolve("broker.log"),
                ports.of("broker"),
                ports.of("controller"));
    }

    private static SupervisedChild started(KafkaBroker broker) throws InterruptedException {
        SupervisedChild child = new SupervisedChild(broker.child(ENVIRONMENT));
        child.start();
        child.awaitReady(child::failure);
        return child;
    }

    private static Set<String> topics(KafkaBroker broker) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listTopics().names().get();
        }
    }

    private static void send(KafkaBroker broker, String value) throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.PROGRESS, 0, "key", value))
                    .get();
        }
    }

    private static List<String> records(KafkaBroker broker, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.PROGRESS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
                return values.size() >= count;
            });
            return values;
        }
    }
}
