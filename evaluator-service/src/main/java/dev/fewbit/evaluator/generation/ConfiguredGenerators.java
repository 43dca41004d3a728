package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.EngineOptions;
import dev.fewbit.generation.OnnxCompletionGenerators;
import dev.fewbit.model.device.DeviceException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** The engine as this service is configured to run it. */
@Singleton
class ConfiguredGenerators {
    private static final Logger LOGGER = Logger.getLogger(ConfiguredGenerators.class);

    private final OnnxCompletionGenerators generators;
    private final boolean background;

    ConfiguredGenerators(EvaluatorConfig config) {
        background = config.background();
        generators = new OnnxCompletionGenerators(options(config));
    }

    private static EngineOptions options(EvaluatorConfig config) {
        try {
            return new EngineOptions(
                    config.device(),
                    config.engineThreads(),
                    config.slots(),
                    config.gpuSlots(),
                    config.gpuNumbers(),
                    config.gpuKernels(),
                    config.maxLength(),
                    config.spin(),
                    config.scratch(),
                    config.onnxruntimePath());
        } catch (IllegalArgumentException e) {
            LOGGER.fatal("fewbit.evaluator." + e.getMessage());
            throw e;
        }
    }

    /** Before any loop: a process without its GPU claims no work. */
    void start(@Observes @Priority(1) StartupEvent event) {
        if (background) {
            try {
                generators.start();
            } catch (DeviceException e) {
                LOGGER.fatal(e.getMessage());
                throw e;
            }
        }
    }

    @Produces
    @ApplicationScoped
    CompletionGenerators generators() {
        return generators;
    }
}
