package dev.fewbit.evaluator.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.model.session.InvalidArtifactException;
import dev.fewbit.model.tokenizer.Tokenizer;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/** Opens artifacts with ONNX Runtime on the device that the configuration names. */
@ApplicationScoped
public class OnnxCompletionGenerators implements CompletionGenerators {
    private static final Logger LOGGER = Logger.getLogger(OnnxCompletionGenerators.class);
    /** Raised whenever a change to prompts, sampling or decoding could change a completion: it ends the reuse of older ones. */
    private static final int DECODING_VERSION = 2;

    private final EvaluatorConfig config;
    private Engines engines;

    OnnxCompletionGenerators(EvaluatorConfig config) {
        this.config = config;
    }

    /** Before any loop: a process without its GPU claims no work. */
    void start(@Observes @Priority(1) StartupEvent event) {
        if (config.background()) {
            try {
                engines();
            } catch (DeviceException e) {
                LOGGER.fatal(e.getMessage());
                throw e;
            }
        }
    }

    /** Name and version of the decoding code and its runtime. */
    static String engine(String runtimeVersion) {
        return "fewbit-decoding " + DECODING_VERSION + ", onnxruntime " + runtimeVersion;
    }

    @Override
    public EngineFacts facts(ExecutionMode mode) {
        return engines().facts(mode);
    }

    @Override
    public CompletionGenerator open(Path artifact, ExecutionMode mode) {
        try {
            Tokenizer tokenizer = Tokenizer.open(artifact);
            try {
                return new OnnxCompletionGenerator(
                        artifact, length -> engines().open(artifact, length, mode), config.maxLength(), tokenizer);
            } catch (RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (InvalidArtifactException | InvalidCheckpointException e) {
            throw new UnusableModelException(e.getMessage(), e);
        }
    }

    private synchronized Engines engines() {
        if (engines == null) {
            OptionalInt gpu = config.device().gpu();
            engines = gpu.isPresent() ? GpuEngines.open(gpu.getAsInt(), config) : new ProcessorEngines(config);
        }
        return engines;
    }
}
