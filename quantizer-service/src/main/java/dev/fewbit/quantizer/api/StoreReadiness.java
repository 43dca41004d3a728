package dev.fewbit.quantizer.api;

import dev.fewbit.quantizer.QuantizerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the object store can be written. */
@Readiness
@ApplicationScoped
class StoreReadiness implements HealthCheck {
    private final Path store;

    StoreReadiness(QuantizerConfig config) {
        this.store = config.store();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("object store")
                .status(Files.isWritable(store))
                .withData("directory", store.toString())
                .build();
    }
}
