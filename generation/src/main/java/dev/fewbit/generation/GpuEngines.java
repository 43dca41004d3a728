package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.model.decoding.EngineSettings;
import dev.fewbit.model.decoding.GenerationEngine;
import dev.fewbit.model.device.TooLittleMemoryException;
import dev.fewbit.model.ort.OrtLibrary;
import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.Placement;
import dev.fewbit.model.resident.ResidentDecoder;
import dev.fewbit.model.resident.ResidentSettings;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import dev.fewbit.model.session.DecoderSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Engines on one GPU: activations of 16 bits in every execution mode, and keys and values, but for int8 ones of our own attention. The GPU is the process's to its end.
 */
final class GpuEngines implements Engines {
    private static final Logger LOG = System.getLogger(GpuEngines.class.getName());
    private static final long MIB = 1 << 20;

    private final Placement placement;
    private final EngineOptions options;

    GpuEngines(Placement placement, EngineOptions options) {
        this.placement = placement;
        this.options = options;
    }

    /**
     * Opens a GPU.
     *
     * @throws dev.fewbit.model.device.DeviceException in one line, when it or one of the libraries is not there
     */
    static GpuEngines open(int number, EngineOptions options) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        options.onnxruntimePath().ifPresent(path -> environment.put(OrtLibrary.VARIABLE, path.toString()));
        GpuEngines engines = new GpuEngines(Placement.gpu(number, environment), options);
        if (options.gpuKernels() != GpuKernels.NONE) {
            engines.placement.requireKernels();
        }
        LOG.log(
                Level.INFO,
                "completions are generated on GPU {0}, {1}, {2} MiB free, by ONNX Runtime {3}",
                number,
                engines.placement.memory().device(),
                engines.placement.memory().freeBytes() / MIB,
                engines.placement.runtimeVersion());
        return engines;
    }

    @Override
    public EngineFacts facts(ExecutionMode mode) {
        String numbers = placement.numbers(options.gpuNumbers());
        return new EngineFacts(
                OnnxCompletionGenerators.engine(placement.runtimeVersion()),
                placement.deviceClass(),
                numbers,
                placement.keysAndValues(options.gpuNumbers(), options.gpuKernels()));
    }

    @Override
    public GenerationEngine open(Path artifact, int maxLength, ExecutionMode mode) {
        int positions = DecoderSession.metadata(artifact).maxPositions();
        ResidentSettings settings = ResidentSettings.of(options.gpuSlots(), Math.min(maxLength, positions))
                .with(Linears.FASTEST)
                .with(options.gpuNumbers())
                .withFused(options.gpuKernels().fusions())
                .withScratch(options.scratch());
        ResidentDecoder decoder;
        try {
            decoder = ResidentDecoder.open(artifact, placement, settings);
        } catch (TooLittleMemoryException e) {
            throw new UnusableModelException(e.getMessage(), e);
        }
        try {
            GenerationEngine engine = GenerationEngine.over(decoder, artifact, EngineSettings.PREFILL_CHUNK);
            LOG.log(Level.INFO, "memory of {0}: {1}", placement.memory().device(), decoder.plan());
            return engine;
        } catch (RuntimeException e) {
            decoder.close();
            throw e;
        }
    }
}
