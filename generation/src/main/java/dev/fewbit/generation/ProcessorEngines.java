package dev.fewbit.generation;

import ai.onnxruntime.OrtEnvironment;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.model.decoding.EngineSettings;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.BatchRows;
import dev.fewbit.model.session.ThreadWaiting;
import java.nio.file.Path;

/** Engines on the CPU, by ONNX Runtime's Java API. */
final class ProcessorEngines implements Engines {
    private final EngineOptions options;

    ProcessorEngines(EngineOptions options) {
        this.options = options;
    }

    @Override
    public EngineFacts facts(ExecutionMode mode) {
        String activations = switch (mode) {
            case EXACT -> "fp32";
            case FAST -> "fp32, int8 a block in linears";
        };
        return new EngineFacts(
                OnnxCompletionGenerators.engine(OrtEnvironment.getEnvironment().getVersion()),
                "cpu",
                activations,
                "fp32");
    }

    @Override
    public GenerationEngine open(Path artifact, int maxLength, ExecutionMode mode) {
        return GenerationEngine.open(
                artifact,
                new EngineSettings(
                        options.threads(),
                        options.slots(),
                        maxLength,
                        arithmetic(mode),
                        options.spin() ? ThreadWaiting.SPIN : ThreadWaiting.SLEEP,
                        BatchRows.REPRODUCIBLE,
                        EngineSettings.PREFILL_CHUNK,
                        options.scratch()));
    }

    private static ArithmeticMode arithmetic(ExecutionMode mode) {
        return switch (mode) {
            case EXACT -> ArithmeticMode.EXACT;
            case FAST -> ArithmeticMode.FAST;
        };
    }
}
