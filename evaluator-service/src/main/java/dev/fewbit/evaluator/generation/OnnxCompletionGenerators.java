package dev.fewbit.evaluator.generation;

import ai.onnxruntime.OrtEnvironment;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.model.decoding.EngineSettings;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.BatchRows;
import dev.fewbit.model.session.InvalidArtifactException;
import dev.fewbit.model.session.ThreadWaiting;
import dev.fewbit.model.tokenizer.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;

/** Opens artifacts with ONNX Runtime on the CPU. */
@ApplicationScoped
public class OnnxCompletionGenerators implements CompletionGenerators {
    /** Raised whenever a change to prompts, sampling or decoding could change a completion: it ends the reuse of older ones. */
    private static final int DECODING_VERSION = 2;

    private final EvaluatorConfig config;

    OnnxCompletionGenerators(EvaluatorConfig config) {
        this.config = config;
    }

    @Override
    public EngineFacts facts(ExecutionMode mode) {
        String engine = "fewbit-decoding " + DECODING_VERSION + ", onnxruntime "
                + OrtEnvironment.getEnvironment().getVersion();
        String activations = switch (mode) {
            case EXACT -> "fp32";
            case FAST -> "fp32, int8 a block in linears";
        };
        return new EngineFacts(engine, "cpu", activations, "fp32");
    }

    @Override
    public CompletionGenerator open(Path artifact, ExecutionMode mode) {
        try {
            Tokenizer tokenizer = Tokenizer.open(artifact);
            try {
                return new OnnxCompletionGenerator(
                        artifact,
                        length -> GenerationEngine.open(artifact, settings(length, mode)),
                        config.maxLength(),
                        tokenizer);
            } catch (RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (InvalidArtifactException | InvalidCheckpointException e) {
            throw new UnusableModelException(e.getMessage(), e);
        }
    }

    private EngineSettings settings(int maxLength, ExecutionMode mode) {
        return new EngineSettings(
                config.engineThreads(),
                config.slots(),
                maxLength,
                arithmetic(mode),
                config.spin() ? ThreadWaiting.SPIN : ThreadWaiting.SLEEP,
                BatchRows.REPRODUCIBLE,
                EngineSettings.PREFILL_CHUNK,
                config.scratch());
    }

    private static ArithmeticMode arithmetic(ExecutionMode mode) {
        return switch (mode) {
            case EXACT -> ArithmeticMode.EXACT;
            case FAST -> ArithmeticMode.FAST;
        };
    }
}
