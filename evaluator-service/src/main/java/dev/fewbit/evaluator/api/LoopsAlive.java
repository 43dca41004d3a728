package dev.fewbit.evaluator.api;

import dev.fewbit.evaluator.loop.BackgroundWork;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready and live while every loop runs: a loop ends only when an error killed its thread, which a restart mends. */
@Liveness
@Readiness
@ApplicationScoped
class LoopsAlive implements HealthCheck {
    private final BackgroundWork work;

    LoopsAlive(BackgroundWork work) {
        this.work = work;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("evaluation loops")
                .status(work.isAlive())
                .build();
    }
}
