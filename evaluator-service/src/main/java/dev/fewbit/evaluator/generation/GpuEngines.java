package dev.fewbit.evaluator.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.model.decoding.EngineSettings;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.device.TooLittleMemoryException;
import dev.fewbit.model.ort.OrtLibrary;
import dev.fewbit.model.resident.Placement;
import dev.fewbit.model.resident.ResidentDecoder;
import dev.fewbit.model.resident.ResidentSettings;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import dev.fewbit.model.session.DecoderSession;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Engines on one GPU: activations, keys and values of 16 bits in every execution mode. The GPU is the process's to its end.
 */
final class GpuEngines implements Engines {
    private static final Logger LOGGER = Logger.getLogger(GpuEngines.class);
    private static final long MIB = 1 << 20;

    private final Placement placement;
    private final EvaluatorConfig config;

    GpuEngines(Placement placement, EvaluatorConfig config) {
        this.placement = placement;
        this.config = config;
    }

    /**
     * Opens a GPU.
     *
     * @throws dev.fewbit.model.device.DeviceException in one line, when it or one of the libraries is not there
     */
    static GpuEngines open(int number, EvaluatorConfig config) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        config.onnxruntimePath().ifPresent(path -> environment.put(OrtLibrary.VARIABLE, path.toString()));
        GpuEngines engines = new GpuEngines(Placement.gpu(number, environment), config);
        LOGGER.infof(
                "completions are generated on GPU %d, %s, %d MiB free, by ONNX Runtime %s",
                number,
                engines.placement.memory().device(),
                engines.placement.memory().freeBytes() / MIB,
                engines.placement.runtimeVersion());
        return engines;
    }

    @Override
    public EngineFacts facts(ExecutionMode mode) {
        String numbers = placement.numbers(config.gpuNumbers());
        return new EngineFacts(
                OnnxCompletionGenerators.engine(placement.runtimeVersion()), placement.deviceClass(), numbers, numbers);
    }

    @Override
    public GenerationEngine open(Path artifact, int maxLength, ExecutionMode mode) {
        int positions = DecoderSession.metadata(artifact).maxPositions();
        ResidentSettings settings = ResidentSettings.of(config.gpuSlots(), Math.min(maxLength, positions))
                .with(Linears.FASTEST)
                .with(config.gpuNumbers())
                .withScratch(config.scratch());
        ResidentDecoder decoder;
        try {
            decoder = ResidentDecoder.open(artifact, placement, settings);
        } catch (TooLittleMemoryException e) {
            throw new UnusableModelException(e.getMessage(), e);
        }
        try {
            GenerationEngine engine = GenerationEngine.over(decoder, artifact, EngineSettings.PREFILL_CHUNK);
            LOGGER.infof("memory of %s: %s", placement.memory().device(), decoder.plan());
            return engine;
        } catch (RuntimeException e) {
            decoder.close();
            throw e;
        }
    }
}
