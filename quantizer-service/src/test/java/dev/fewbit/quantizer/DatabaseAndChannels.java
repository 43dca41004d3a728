package dev.fewbit.quantizer;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL of its own, channels in memory, a fresh object store; no worker claims jobs unless a test asks. */
public final class DatabaseAndChannels implements QuarkusTestResourceLifecycleManager {
    private EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            Path store = Files.createTempDirectory(Path.of("target"), "store-").toAbsolutePath();
            postgres = EmbeddedPostgres.builder().start();
            Map<String, String> settings = new HashMap<>(Map.of(
                    "quarkus.datasource.jdbc.url", postgres.getJdbcUrl("postgres", "postgres"),
                    "quarkus.datasource.username", "postgres",
                    "quarkus.datasource.password", "postgres",
                    "quarkus.http.test-port", "0",
                    "fewbit.quantizer.store", store.toString(),
                    "fewbit.quantizer.workers", "0",
                    "fewbit.quantizer.relay", "50ms",
                    "fewbit.quantizer.attempts", "3",
                    "fewbit.quantizer.retry-pause", "1h"));
            settings.putAll(
                    InMemoryConnector.switchIncomingChannelsToInMemory("quantization-requests", "study-cancellations"));
            settings.putAll(InMemoryConnector.switchOutgoingChannelsToInMemory(
                    "quantization-results", "progress", "last-progress"));
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        InMemoryConnector.clear();
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
