package dev.fewbit.sandbox.api;

import dev.fewbit.sandbox.execution.ExecutionService;
import dev.fewbit.sandbox.execution.SandboxState;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the self-test has shown that jails hold here. */
@Readiness
@ApplicationScoped
public class SandboxReadiness implements HealthCheck {
    private static final String NAME = "sandbox";

    private final ExecutionService service;

    public SandboxReadiness(ExecutionService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        return switch (service.state()) {
            case SandboxState.Proving _ ->
                HealthCheckResponse.named(NAME)
                        .down()
                        .withData("state", "self-test runs")
                        .build();
            case SandboxState.Holding holding ->
                HealthCheckResponse.named(NAME)
                        .up()
                        .withData("isolation", holding.isolation())
                        .build();
            case SandboxState.Broken broken ->
                HealthCheckResponse.named(NAME)
                        .down()
                        .withData("reason", broken.reason())
                        .build();
        };
    }
}
