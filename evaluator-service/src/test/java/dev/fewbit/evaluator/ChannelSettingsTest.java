package dev.fewbit.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every Kafka channel must be told, since the connector's defaults lose records or stop the channel. */
class ChannelSettingsTest {
    private static final String CONNECTOR = ".connector";

    private final Properties properties = new Properties();

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = EvaluatorConfig.class.getResourceAsStream("/application.properties")) {
            properties.load(in);
        }
    }

    @Test
    void shouldHoldRecordsBackAndNotStopWhenTheDatabaseIsAway() {
        assertThat(channels("mp.messaging.incoming.")).hasSize(3).allSatisfy(channel -> {
            assertThat(properties).containsEntry(channel + ".throttled.unprocessed-record-max-age.ms", "0");
            assertThat(properties).containsEntry(channel + ".session.timeout.ms", "6000");
            assertThat(properties).containsEntry(channel + ".failure-strategy", "dead-letter-queue");
        });
    }

    @Test
    void shouldCallARecordSentOnlyWhenEveryReplicaHasIt() {
        assertThat(channels("mp.messaging.outgoing."))
                .hasSize(3)
                .allSatisfy(channel -> assertThat(properties).containsEntry(channel + ".acks", "all"));
    }

    private List<String> channels(String direction) {
        return properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(direction) && key.endsWith(CONNECTOR))
                .map(key -> key.substring(0, key.length() - CONNECTOR.length()))
                .toList();
    }
}
