package dev.fewbit.evaluator;

import dev.fewbit.generation.GenerationDevice;
import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Configuration of the evaluator service. */
@ConfigMapping(prefix = "fewbit.evaluator")
public interface EvaluatorConfig {

    /** Directory of the object store that the services share. */
    Path store();

    /** Where relative paths of benchmarks start: the installation's root. */
    @WithDefault(".")
    Path root();

    /**
     * Folder that holds a folder a benchmark: {@code humaneval}, {@code mbpp}, {@code multipl-e} and so on. Default: none, so that only
     * the reference model's benchmark and files that a study names itself are there.
     */
    Optional<Path> benchmarks();

    /** Base address of the sandbox service, which is asked for its toolchains. */
    URI sandboxUrl();

    /** Whether this instance works on evaluations; {@code false} leaves a replica that answers the HTTP API only. */
    @WithDefault("true")
    boolean background();

    /**
     * Completions decoded side by side. More of them read the weights once for more tokens, until arithmetic instead of memory is
     * the limit; a small model on two cores gains little beyond 16.
     */
    @WithDefault("16")
    int slots();

    /**
     * What completions are generated on: {@code cpu}, {@code cuda}, the first NVIDIA GPU, or {@code cuda:N}. Default {@code cpu}: it is
     * there everywhere. A process works on one GPU; for several, one process each is started.
     */
    @WithDefault("cpu")
    GenerationDevice device();

    /**
     * Completions decoded side by side on a GPU, 256 at most. Default 0: as many as the GPU's memory holds beside the model, at most 256.
     */
    @WithDefault("0")
    int gpuSlots();

    /** Activations, keys and values on a GPU: {@code fp16}, or {@code bf16} for a model whose activations fp16 does not hold. */
    @WithDefault("fp16")
    HalfNumbers gpuNumbers();

    /**
     * What kernels of our own compute on a GPU: {@code none}, {@code exact} (linears of few rows, the gated SiLU, the largest logits, within
     * fp16's rounding) or {@code all} (attention as well, over int8 keys and values). Default {@code none}: they shorten steps but, as
     * measured, lengthen prompts, so that they pay with several samples a problem, not with one.
     */
    @WithDefault("none")
    GpuKernels gpuKernels();

    /**
     * The directory of a build of ONNX Runtime for CUDA, {@code onnxruntime/capi} of the Python package {@code onnxruntime-gpu}. Default:
     * the variable {@code FEWBIT_ONNXRUNTIME_PATH}.
     */
    Optional<Path> onnxruntimePath();

    /**
     * Threads of the engine. Default: half of the processors, at least 1, so that the sandbox executes what was generated
     * while the next completions are decoded.
     */
    OptionalInt threads();

    /**
     * Whether the engine's threads wait for their next operation in a loop: up to 1.7 times as fast for one completion at a time, where
     * nothing else wants their processors; far slower where something does.
     */
    @WithDefault("false")
    boolean spin();

    /** Positions a slot holds, prompt and completion together; a completion is cut there. Part of a sample's identity. */
    @WithDefault("1024")
    int maxLength();

    /** Where a model that must be widened on disk is put while it is loaded. For large models: not in memory. */
    @WithDefault("${java.io.tmpdir}")
    Path scratch();

    /** Problems of a work unit. A unit is what a crash may repeat and what workers share out among themselves. */
    @WithDefault("32")
    int unitProblems();

    /** How often a worker renews its lease; the lease lasts three times as long, so that two renewals may be lost. */
    @WithDefault("3s")
    Duration heartbeat();

    /** How long an idle loop waits before it looks at the database again. */
    @WithDefault("250ms")
    Duration poll();

    /** Between two progress reports of an evaluation (a report a stage): twice a second at most, once is enough to watch. */
    @WithDefault("1s")
    Duration progressEvery();

    /**
     * A request without a verdict is asked for again after this time if no verdict at all came meanwhile, and after ten times
     * as long in any case. The broker redelivers to a restarted sandbox by itself; this is for what even the broker lost.
     */
    @WithDefault("60s")
    Duration resendAfter();

    /** Requests waiting for a verdict at once: enough to keep a sandbox busy, few enough that a small study is not kept waiting. */
    @WithDefault("512")
    int executionWindow();

    /** Infrastructure faults of one execution before its evaluation fails. */
    @WithDefault("5")
    int faultAttempts();

    /** Wait after an execution's first infrastructure fault; doubled with each further one. */
    @WithDefault("1s")
    Duration faultBackOff();

    /** Failures of a work unit before its evaluation fails: a fault may pass, a bug does not. */
    @WithDefault("3")
    int unitAttempts();

    /** Starts of a work unit, crashes of the process included, before its evaluation fails: a unit that kills us must not go on. */
    @WithDefault("20")
    int unitStarts();

    /**
     * How much earlier a unit counts as requested when its model is loaded already. Saves loads, and bounds how long
     * another model's units are kept waiting for it.
     */
    @WithDefault("5m")
    Duration affinity();

    /**
     * Grams of CO2 equivalents that a kWh of this machine's grid stands for; without it no CO2e is given. Not defaulted: it differs
     * by a factor of 20 between countries, and by hour.
     */
    OptionalDouble gridIntensity();

    /** Who says so, for the report: a name or address, and the year. Required with {@link #gridIntensity()}. */
    Optional<String> gridSource();

    /** An idle worker gives its model's memory back after this time. */
    @WithDefault("2m")
    Duration keepLoaded();

    /** Models that are served elsewhere. */
    OpenAi openai();

    /**
     * How servers with OpenAI's API are asked. Their keys are no configuration: a study names the variable, which begins with
     * {@code FEWBIT_EVALUATOR_KEY}.
     */
    interface OpenAi {

        /**
         * Addresses that studies may name, with all below them; absent: any. Where people share an installation, list them: whoever
         * may start a study may otherwise have a key sent to an address of his own.
         */
        Optional<List<String>> servers();

        /** Attempts of a request before its work unit waits. */
        @WithDefault("8")
        int attempts();

        /** Wait after a request's first failed attempt; doubled with each further one. */
        @WithDefault("500ms")
        Duration backOff();

        /** The longest wait between two attempts, unless the server asks for a longer one. */
        @WithDefault("30s")
        Duration longestBackOff();

        /** The longest Retry-After that a request waits for; with a longer one its work unit waits instead. */
        @WithDefault("2m")
        Duration longestRetryAfter();

        /** How long a work unit waits whose server was not there; after {@link EvaluatorConfig#unitAttempts()} such waits its evaluation fails. */
        @WithDefault("30s")
        Duration pause();

        /** How long a new evaluation waits for a server that does not answer before it fails. */
        @WithDefault("10m")
        Duration patience();
    }

    /** The engine's threads, resolved. */
    default int engineThreads() {
        return threads().orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
}
