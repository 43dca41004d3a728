package dev.fewbit.generation;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.model.checkpoint.InvalidCheckpointException;
import dev.fewbit.model.session.InvalidArtifactException;
import dev.fewbit.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Opens artifacts with ONNX Runtime on the device that the options name. */
public class OnnxCompletionGenerators implements CompletionGenerators {
    /** Raised whenever a change to prompts, sampling or decoding could change a completion: it ends the reuse of older ones. */
    private static final int DECODING_VERSION = 2;

    private final EngineOptions options;
    private Engines engines;

    public OnnxCompletionGenerators(EngineOptions options) {
        this.options = options;
    }

    /**
     * Opens the device, which is otherwise opened when it is first needed.
     *
     * @throws dev.fewbit.model.device.DeviceException in one line, when it or one of its libraries is not there
     */
    public void start() {
        engines();
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
                        artifact, length -> engines().open(artifact, length, mode), options.maxLength(), tokenizer);
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
            OptionalInt gpu = options.device().gpu();
            engines = gpu.isPresent() ? GpuEngines.open(gpu.getAsInt(), options) : new ProcessorEngines(options);
        }
        return engines;
    }
}
